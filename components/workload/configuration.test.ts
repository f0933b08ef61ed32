import { describe, expect, it } from "vitest";
import { aia } from "../../systems/aia";
import { inputsOf, register } from "../kit/testing";
import { configMapChecksums, configMapsOf, createConfigMaps } from "./configuration";

const [frontend, api] = aia.services;
if (frontend === undefined || api === undefined) throw new Error("AIA has two services");

describe("AI-04: the runbook's ConfigMap", () => {
  it("has the variables that it changes in operation", () => {
    expect(configMapsOf(aia.services)).toEqual({
      "aia-config": { LOG_LEVEL: "INFO", MAINTENANCE_MODE: "false" },
    });
  });

  it("is created under the runbook's name, and takes back what kubectl patched", async () => {
    const { resources } = await register((options) =>
      createConfigMaps((name) => `app-${name}`, { system: aia, namespace: "stage" }, options),
    );
    expect(inputsOf(resources, "app-aia-config")).toMatchObject({
      metadata: {
        name: "aia-config",
        namespace: "stage",
        annotations: { "pulumi.com/patchForce": "true" },
      },
      data: { LOG_LEVEL: "INFO", MAINTENANCE_MODE: "false" },
    });
  });

  it("restarts the pods that read it when a value changes, and no others", () => {
    const debug = {
      ...api,
      environment: api.environment.map((one) =>
        one.name === "LOG_LEVEL" && one.from.kind === "setting"
          ? { ...one, from: { ...one.from, default: "DEBUG" } }
          : one,
      ),
    };
    const before = configMapChecksums(api);
    expect(Object.keys(before)).toEqual(["checksum/config-aia-config"]);
    expect(configMapChecksums(debug)).not.toEqual(before);
    expect(configMapChecksums(frontend)).toEqual({});
  });
});
