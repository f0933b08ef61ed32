import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { parseSettings, type RawSettings } from "../../settings";
import { good, onAws, onExisting, onGoogle } from "../../settings/testing";
import { CLOUDS } from ".";
import { inputsOf, register } from "../kit/testing";

afterEach(() => {
  pulumi.runtime.setAllConfig({}, []);
});

/** The provider's own default, or the engine's environment. */
const apiEndpoint = expect.stringMatching(/^https?:/) as string;

const create = (config: Record<string, string>, raw: RawSettings = good) => {
  pulumi.runtime.setAllConfig(config);
  return register(
    (options) => {
      const settings = parseSettings(raw);
      return CLOUDS[settings.cloud].providers((suffix) => `todo-${suffix}`, settings, options);
    },
    { cloud: { "pulumi:providers:aws": {}, "pulumi:providers:gcp": {} } },
  );
};

describe("DigitalOcean's provider", () => {
  it("leaves credentials to the engine's environment where none are set", async () => {
    const { resources } = await create({});
    expect(inputsOf(resources, "todo-digitalocean")).toEqual({ apiEndpoint });
  });

  it("uses the token and both Spaces keys, all secret", async () => {
    const { resources } = await create({
      "digitalocean:token": "t0ken",
      "digitalocean:spacesAccessId": "acc3ss",
      "digitalocean:spacesSecretKey": "k3y",
    });
    expect(inputsOf(resources, "todo-digitalocean")).toEqual({
      apiEndpoint,
      token: { $secret: "t0ken" },
      spacesAccessId: { $secret: "acc3ss" },
      spacesSecretKey: { $secret: "k3y" },
    });
  });
});

it("Amazon's provider uses the stack's region and tags everything with its owner", async () => {
  const { resources, result } = await create({}, onAws);
  expect(Object.keys(result)).toEqual(["aws"]);
  expect(inputsOf(resources, "todo-aws")).toEqual({
    region: "eu-west-1",
    allowedAccountIds: JSON.stringify(["210987654321"]),
    // The engine takes structured inputs of a provider as JSON text.
    defaultTags: JSON.stringify({
      tags: { "managed-by": "runstack", system: "todo-chatbot", environment: "prod" },
    }),
    skipCredentialsValidation: "false",
    skipRegionValidation: "true",
  });
});

it("Google's provider uses the stack's project, also for quota and billing", async () => {
  const { resources, result } = await create({}, onGoogle);
  expect(Object.keys(result)).toEqual(["gcp"]);
  expect(inputsOf(resources, "todo-gcp")).toEqual({
    project: "bikes-and-more",
    region: "europe-west4",
    defaultLabels: JSON.stringify({
      "managed-by": "runstack",
      system: "todo-chatbot",
      environment: "prod",
    }),
    addPulumiAttributionLabel: "false",
    userProjectOverride: "true",
    billingProject: "bikes-and-more",
  });
});

it("an existing cluster needs no cloud provider", async () => {
  const { resources, result } = await create({}, onExisting);
  expect(result).toEqual({});
  expect(resources).toEqual([]);
});
