import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { digitaloceanProvider } from "./providers";
import { inputsOf, register } from "./testing";

afterEach(() => {
  pulumi.runtime.setAllConfig({}, []);
});

/** The provider's own default, or the engine's environment. */
const apiEndpoint = expect.stringMatching(/^https?:/) as string;

const create = (config: Record<string, string>) => {
  pulumi.runtime.setAllConfig(config);
  return register((options) => digitaloceanProvider("cloud", options));
};

describe("DigitalOcean's provider", () => {
  it("leaves credentials to the engine's environment where none are set", async () => {
    const { resources } = await create({});
    expect(inputsOf(resources, "cloud")).toEqual({ apiEndpoint });
  });

  it("surprise 11: takes the token and both keys of Spaces, each a secret", async () => {
    const { resources } = await create({
      "digitalocean:token": "t0ken",
      "digitalocean:spacesAccessId": "acc3ss",
      "digitalocean:spacesSecretKey": "k3y",
    });
    expect(inputsOf(resources, "cloud")).toEqual({
      apiEndpoint,
      token: { $secret: "t0ken" },
      spacesAccessId: { $secret: "acc3ss" },
      spacesSecretKey: { $secret: "k3y" },
    });
  });
});
