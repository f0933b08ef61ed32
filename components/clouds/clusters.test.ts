import { describe, expect, it } from "vitest";
import { parseSettings, type RawSettings } from "../../settings";
import { commands, good, images, onAws, onExisting, onGoogle } from "../../settings/testing";
import { SYSTEMS } from "../../systems";
import { inputsOf, ofKind, register } from "../kit/testing";
import { CLOUDS } from ".";
import { imageRepositories } from "./gcp/repositories";

/** Every resource may be created and has no computed properties: a first preview. */
const anything = new Proxy({}, { get: () => ({}) });

const create = (raw: RawSettings) =>
  register(
    (options) => {
      const settings = parseSettings(raw);
      const context = { settings, tags: ["one"], kubeconfig: undefined };
      return CLOUDS[settings.cloud].cluster("env-cluster", context, options);
    },
    { preview: true, cloud: anything },
  );

describe("the cluster of an environment", () => {
  it.each([
    ["prod", "todo-chatbot", 3],
    ["staging", "todo-chatbot-staging", 2],
    ["dr", "todo-chatbot-dr", 3],
  ])("%s is called %s, with %i nodes for the platform", async (environment, called, nodes) => {
    const { resources } = await create({ ...good, environment });
    expect(inputsOf(resources, "env-cluster-cluster")).toMatchObject({
      name: called,
      nodePool: { nodeCount: nodes },
    });
  });

  it.each([
    ["digitalocean", good, "DoksCluster"],
    ["aws", onAws, "EksCluster"],
    ["gcp", onGoogle, "GkeCluster"],
    ["existing", onExisting, "ExistingCluster"],
  ])("is built on %s", async (cloud, raw, kind) => {
    const { result } = await create(raw);
    expect([result.placement.cloud, result.constructor.name]).toEqual([cloud, kind]);
    expect(result.ready.length).toBeGreaterThan(0);
  });

  it("AE-02: has a node group for each of the runbook's types, over three zones", async () => {
    const { resources, result } = await create({
      ...onAws,
      system: "aeneas",
      region: "us-east-1",
      images: images(SYSTEMS.aeneas),
      commands: commands(SYSTEMS.aeneas),
    });
    expect(ofKind(resources, "NodeGroup").map(({ inputs }) => inputs["instanceTypes"])).toEqual([
      ["m5.2xlarge"],
      ["m5.xlarge"],
      ["m6i.large"],
    ]);
    expect(result.zones).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
  });

  it("AW-01: keeps the runbook's names of cluster and pool", async () => {
    const { resources } = await create({
      ...good,
      kafkaVersion: undefined,
      system: "ai-wealth",
      images: images(SYSTEMS["ai-wealth"]),
      commands: commands(SYSTEMS["ai-wealth"]),
    });
    expect(inputsOf(resources, "env-cluster-cluster")["name"]).toBe("ai-wealth-doks");
    expect(inputsOf(resources, "env-cluster-pool")).toMatchObject({
      name: "default",
      minNodes: 2,
      maxNodes: 10,
    });
  });

  it("may have only its nodes replaced, if the stack allows it", async () => {
    const { resources } = await create({ ...good, replace: ["nodes"] });
    const protection = (name: string) =>
      resources.find((one) => one.name === name)?.options.protect;
    expect([protection("env-cluster-pool"), protection("env-cluster-cluster")]).toEqual([
      false,
      true,
    ]);
  });
});

describe("AI-02: image repositories", () => {
  it("are those of the stack's own project, without duplicates", () => {
    expect(
      imageRepositories({
        project: "a-467519",
        images: {
          api: "gcr.io/a-467519/aia-system:1.0.0",
          frontend: "gcr.io/a-467519/aia-frontend:1.0.0",
          worker: "europe-west4-docker.pkg.dev/a-467519/tools/worker@sha256:00",
          other: "gcr.io/another-project/thing:1",
          public: "docker.io/library/nginx:1.29",
        },
      }),
    ).toEqual([
      { name: "gcr.io", location: "us" },
      { name: "tools", location: "europe-west4" },
    ]);
  });
});

it("services require instance types only on Amazon", () => {
  const [api] = SYSTEMS.aeneas.services;
  if (api === undefined) throw new Error("AENEAS has services");
  expect(CLOUDS.aws.instanceTypes(api)).toEqual(["m5.xlarge", "m5.2xlarge"]);
  expect(CLOUDS.gcp.instanceTypes(api)).toEqual([]);
});
