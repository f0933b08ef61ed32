import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { valueOf } from "../kit/testing";
import {
  authorityChecksums,
  authorityMounts,
  authorityVolumes,
  connectedTo,
  connectionEnvironment,
  connectionVariables,
  type Connection,
} from "./connections";

const [api] = aeneas.services;
if (api === undefined) throw new Error("AENEAS has services");
const pem = pulumi.output("PEM of the store");
const store: Connection = {
  of: "store",
  kind: "redis",
  authority: { kind: "configMap", name: "store-authority", key: "ca.crt", pem },
};
const rides: Connection = {
  of: "rides",
  kind: "postgres",
  authority: { kind: "secret", name: "rides-ca", key: "ca.pem" },
};
const bus: Connection = {
  of: "bus",
  kind: "kafka",
  authority: { kind: "public" },
  mechanism: "SCRAM-SHA-512",
};

describe("what a service connects to", () => {
  it("is what it uses itself, with its kind; a vector store has no authority", () => {
    expect(connectedTo(api, aeneas)).toEqual([
      { of: "postgresql", kind: "postgres" },
      { of: "redis", kind: "redis" },
      { of: "kafka", kind: "kafka" },
    ]);
    expect(connectedTo({ uses: [] }, aeneas)).toEqual([]);
  });
});

describe("the authority of a connection", () => {
  it("is a file, and a variable that names it", () => {
    const values = connectionVariables([store, rides, bus]).map(({ name, value }) => [name, value]);
    expect(values).toEqual([
      ["REDIS_CA_FILE", "/etc/runstack/authorities/store.crt"],
      ["PGSSLROOTCERT", "/etc/runstack/authorities/rides.crt"],
      ["KAFKA_SECURITY_PROTOCOL", "SASL_SSL"],
      ["KAFKA_SASL_MECHANISM", "SCRAM-SHA-512"],
    ]);
  });

  it("has the connection's name before it if there are several of a kind", () => {
    const second = { ...rides, of: "old-rides" };
    expect(connectionVariables([rides, second]).map(({ name }) => name)).toEqual([
      "RIDES_PGSSLROOTCERT",
      "OLD_RIDES_PGSSLROOTCERT",
    ]);
  });

  it("leaves a variable of the system's data alone", () => {
    const [variable] = api.environment;
    if (variable === undefined) throw new Error("the API has variables");
    const service = { ...api, environment: [{ ...variable, name: "PGSSLROOTCERT" }] };
    expect(connectionEnvironment(service, [rides, store])).toEqual([
      { name: "REDIS_CA_FILE", value: "/etc/runstack/authorities/store.crt" },
    ]);
  });

  it("is mounted by itself: the key beside it in the Secret is not", () => {
    expect(authorityVolumes([store, rides, bus])).toEqual([
      {
        name: "authorities",
        projected: {
          defaultMode: 0o444,
          sources: [
            {
              configMap: {
                name: "store-authority",
                items: [{ key: "ca.crt", path: "store.crt" }],
              },
            },
            { secret: { name: "rides-ca", items: [{ key: "ca.pem", path: "rides.crt" }] } },
          ],
        },
      },
    ]);
    expect(authorityMounts([store])).toEqual([
      { name: "authorities", mountPath: "/etc/runstack/authorities", readOnly: true },
    ]);
    expect([authorityVolumes([bus]), authorityMounts([bus])]).toEqual([[], []]);
  });

  it("restarts its clients when the program learns of another one", async () => {
    const checksums = authorityChecksums([store, rides, bus]);
    expect(Object.keys(checksums)).toEqual(["checksum/authority-store"]);
    expect(await valueOf(checksums["checksum/authority-store"] as pulumi.Output<string>)).toMatch(
      /^[0-9a-f]{64}$/,
    );
  });
});
