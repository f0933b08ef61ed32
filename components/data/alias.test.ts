import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { checkAlias, ServiceAlias, type ServiceAliasArguments } from "./alias";
import { aliasName, hostName, ipAddress } from "../kit/alias-name";
import { inputsOf, named, ofKind, refusal, register, UNKNOWN } from "../kit/testing";

const args: ServiceAliasArguments = {
  system: "farm",
  alias: "barn-db",
  applicationNamespace: "fields",
  target: { kind: "host", host: pulumi.output("db.example.net") },
  ports: [{ port: 5437 }],
};

const create = (changes: Partial<ServiceAliasArguments> = {}, preview = false) =>
  register((options) => new ServiceAlias("alias", { ...args, ...changes }, options), {
    preview,
    cloud: { "kubernetes:discovery.k8s.io/v1:EndpointSlice": {} },
  });

const labels = {
  "app.kubernetes.io/part-of": "farm",
  "app.kubernetes.io/component": "alias",
  "app.kubernetes.io/managed-by": "pulumi",
};

describe("an alias", () => {
  it("of a name is only a Service that points there", async () => {
    const { result, resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual(["alias-service"]);
    expect(inputsOf(resources, "alias-service")).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "barn-db", namespace: "fields", labels },
      spec: {
        type: "ExternalName",
        externalName: "db.example.net",
        ports: [{ name: "tcp-5437", port: 5437, targetPort: 5437, protocol: "TCP" }],
      },
    });
    expect(result.host).toBe("barn-db.fields.svc.cluster.local");
    expect(result.ready).toHaveLength(1);
  });

  it("of a Service in another namespace needs no port", async () => {
    const { resources } = await create({
      target: { kind: "service", service: "queue", namespace: "engine" },
      ports: [],
    });
    expect(inputsOf(resources, "alias-service")["spec"]).toEqual({
      type: "ExternalName",
      externalName: "queue.engine.svc.cluster.local",
    });
  });

  it("of Kafka points to its first bootstrap server", async () => {
    const { resources } = await create({
      target: { kind: "host", host: pulumi.output("B-1.Example.net:9096,b-2.example.net:9096") },
    });
    expect(inputsOf(resources, "alias-service")["spec"]).toMatchObject({
      externalName: "b-1.example.net",
    });
  });

  it("of an address is a Service without a selector, ready once its endpoint exists", async () => {
    const { result, resources } = await create({
      target: { kind: "address", address: pulumi.output("10.9.8.7") },
      ports: [{ port: 5437 }],
    });
    expect(inputsOf(resources, "alias-endpoints")).toEqual({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: "barn-db",
        namespace: "fields",
        labels: {
          ...labels,
          "kubernetes.io/service-name": "barn-db",
          "endpointslice.kubernetes.io/managed-by": "pulumi",
        },
      },
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.9.8.7"], conditions: { ready: true } }],
      ports: [{ name: "tcp-5437", port: 5437, protocol: "TCP" }],
    });
    expect(inputsOf(resources, "alias-service")["spec"]).toEqual({
      type: "ClusterIP",
      ports: [{ name: "tcp-5437", port: 5437, targetPort: 5437, protocol: "TCP" }],
    });
    expect(named(resources, "alias-service").dependsOn).toEqual(["alias-endpoints"]);
    expect(result.ready).toHaveLength(2);
  });

  it("in another namespace creates the namespace with its guards", async () => {
    const { resources } = await create({ alias: "barn-db.barn.svc.cluster.local" });
    expect(inputsOf(resources, "alias-service")["metadata"]).toEqual({
      name: "barn-db",
      namespace: "barn",
      labels,
    });
    expect(inputsOf(resources, "alias-namespace-namespace")["metadata"]).toMatchObject({
      name: "barn",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect(ofKind(resources, "NetworkPolicy").map(({ inputs }) => inputs["metadata"])).toEqual([
      expect.objectContaining({ name: "allow-dns", namespace: "barn" }),
      expect.objectContaining({ name: "default-deny", namespace: "barn" }),
    ]);
    expect(named(resources, "alias-service").dependsOn).toContain("alias-namespace-default-deny");
  });

  it("by its full name in the application's own namespace creates no second one", async () => {
    const { resources } = await create({ alias: "barn-db.fields.svc.cluster.local" });
    expect(resources.map(({ name }) => name)).toEqual(["alias-service"]);
  });

  it("can be planned before its target is known", async () => {
    const { resources } = await register(
      (options) => {
        const { result } = new RandomPassword("other", { length: 7 }, options);
        const target = { kind: "host" as const, host: result };
        return new ServiceAlias("alias", { ...args, target }, options);
      },
      { preview: true },
    );
    expect(inputsOf(resources, "alias-service")["spec"]).toMatchObject({ externalName: UNKNOWN });
  });
});

describe("an alias on Google Cloud", () => {
  it("Service and endpoint have the same port and port name", async () => {
    const { resources } = await create({
      target: { kind: "address", address: pulumi.output("10.9.8.7") },
    });
    const spec = inputsOf(resources, "alias-service")["spec"] as { ports: { name: string }[] };
    const slice = inputsOf(resources, "alias-endpoints")["ports"] as { name: string }[];
    expect(slice.map(({ name }) => name)).toEqual(spec.ports.map(({ name }) => name));
  });

  it("an address is not accepted as a name", () => {
    expect(refusal(() => hostName("ServiceAlias alias", "10.9.8.7:5432"))).toBe(
      'ServiceAlias alias: target is "10.9.8.7", but must be a DNS name. Set it as an address instead.',
    );
  });
});

describe("invalid aliases", () => {
  const form =
    "but must be a Service's name (1 to 63 lower-case letters, digits and hyphens, beginning with a letter), alone or as <service>.<namespace>.svc.cluster.local. Change the alias in the system's data.";

  it.each<[string, Partial<ServiceAliasArguments>, string]>([
    ["a capital", { alias: "Barn" }, `alias is "Barn", ${form}`],
    ["a digit at its beginning", { alias: "4db" }, `alias is "4db", ${form}`],
    ["64 letters", { alias: "a".repeat(64) }, `alias is "${"a".repeat(64)}", ${form}`],
    ["half a name", { alias: "db.barn" }, `alias is "db.barn", ${form}`],
    [
      "another cluster's domain",
      { alias: "db.barn.svc.example.org" },
      `alias is "db.barn.svc.example.org", ${form}`,
    ],
    [
      "a namespace of Kubernetes",
      { alias: "db.kube-system.svc.cluster.local" },
      'alias is "db.kube-system.svc.cluster.local", but must be in a namespace that does not belong to Kubernetes. Change the alias in the system\'s data.',
    ],
    [
      "port zero",
      { ports: [{ port: 0 }] },
      "ports is 0, but must be whole numbers from 1 to 65535. Give the port that clients connect to.",
    ],
    [
      "an address without a port",
      { target: { kind: "address", address: pulumi.output("10.9.8.7") }, ports: [] },
      "ports is empty, but must be set for an address. Give the port that clients connect to.",
    ],
    [
      "itself for a target",
      { target: { kind: "service", service: "barn-db", namespace: "fields" } },
      "target is barn-db in fields, but must be a Service other than the alias itself. Remove the alias if the Service already has this name.",
    ],
    [
      "the same port twice",
      { ports: [{ port: 1 }, { port: 1 }] },
      "ports is tcp-1, tcp-1, but must be different from each other. List each one only once.",
    ],
  ])("refuses %s", (_, changes, expected) => {
    expect(refusal(() => checkAlias("alias", { ...args, ...changes }))).toBe(
      `ServiceAlias alias: ${expected}`,
    );
  });

  it("refuses a string that is neither a name nor an address", () => {
    expect(refusal(() => hostName("A", "https://db.example.net"))).toBe(
      'A: target is "https://db.example.net", but must be a DNS name. Set the host without scheme and path.',
    );
    expect(refusal(() => ipAddress("A", "db.example.net"))).toBe(
      'A: target is "db.example.net", but must be an IPv4 address. Set a name as a host instead.',
    );
    expect(refusal(() => ipAddress("A", "10.9.8.256"))).toContain("10.9.8.256");
  });
});

describe("the target of an alias", () => {
  it.each([
    ["db.example.net", "db.example.net"],
    ["db.example.net.", "db.example.net"],
    ["db.example.net:5432", "db.example.net"],
    [" a.example.net:1 , b.example.net:1", "a.example.net"],
    ["10-9-8-7.example.net", "10-9-8-7.example.net"],
    ["bus-kafka-bootstrap.rides.svc:9092", "bus-kafka-bootstrap.rides.svc.cluster.local"],
    ["db.rides.svc.cluster.local", "db.rides.svc.cluster.local"],
  ])("is the host of %s: %s", (given, expected) => {
    expect(hostName("A", given)).toBe(expected);
  });

  it.each(["0.0.0.0", "10.20.130.240", "255.255.255.255"])("is the address %s", (given) => {
    expect(ipAddress("A", given)).toBe(given);
  });

  it.each(["redis-service", "postgresql", "pgbouncer", "kafka", "mas-system-postgres"])(
    "has the runbooks' name %s",
    (alias) => {
      expect(aliasName("A", alias, "aeneas")).toEqual({ service: alias, namespace: "aeneas" });
    },
  );

  it("has Phase 5's full name", () => {
    expect(aliasName("A", "postgres.postgres.svc.cluster.local", "phase-5")).toEqual({
      service: "postgres",
      namespace: "postgres",
    });
  });
});
