/** What holds for every component and resource of a whole environment. */
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Environment } from "../components/environment";
import { givenSecrets, requiredSecrets } from "../components/secrets";
import { nameOf, register } from "../components/testing";
import type { PlannedResource } from "../offline/plan";
import { parseSettings } from "../settings";
import { todoChatbot } from "../systems/todo-chatbot";
import { planOf } from "./plan";

const settings = parseSettings({
  system: "todo-chatbot",
  environment: "prod",
  domain: "todo.example.org",
  email: "people@example.org",
  runbookUrl: "https://runbooks.example.org",
  kafkaVersion: "4.7",
  images: Object.fromEntries(todoChatbot.services.map(({ name }) => [name, "r.example.org/x:1"])),
});

/** What a component has besides its outputs: its identity, and what only its own code reads. */
const INTERNAL = new Set(["urn", "name", "after", "args"]);
/** Outputs that are registered in parts, under other names. */
const IN_PARTS: Readonly<Record<string, string>> = {
  "runstack:recovery:Backups store": "its bucket and region",
  "runstack:recovery:SpacesObjectStore ready": "its bucket and credentials",
  "runstack:workload:Validation ready": "its job, by name",
};

interface Calls {
  readonly component: pulumi.ComponentResource;
  readonly outputs: readonly string[];
}

describe("every component", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("registers each of its public outputs, once, before its constructor returns", async () => {
    const calls: Calls[] = [];
    const types = new Map<pulumi.Resource, string>();
    // The method is protected in the types only.
    const prototype = pulumi.ComponentResource.prototype as unknown as {
      registerOutputs: (this: pulumi.ComponentResource, outputs?: object) => void;
    };
    const original = prototype.registerOutputs;
    vi.spyOn(prototype, "registerOutputs").mockImplementation(function (
      this: pulumi.ComponentResource,
      outputs,
    ) {
      calls.push({ component: this, outputs: Object.keys(outputs ?? {}) });
      original.call(this, outputs);
    });
    const required = requiredSecrets(todoChatbot, { managedDns: true, registry: false });
    const given = givenSecrets(new pulumi.Config("runstack"), required, true);

    // The SDK calls once more by itself, later, for components that forgot to.
    let synchronous: readonly Calls[] = [];
    await register((options) => {
      new Environment(
        "todo",
        { settings, given },
        {
          ...options,
          transformations: [
            ...(options.transformations ?? []),
            ({ resource, type }) => {
              if (type.startsWith("runstack:")) types.set(resource, type);
              return undefined;
            },
          ],
        },
      );
      synchronous = [...calls];
    });

    expect(types.size).toBeGreaterThan(25);
    expect(synchronous).toHaveLength(types.size);
    expect(new Set(synchronous.map(({ component }) => component))).toEqual(new Set(types.keys()));
    const unregistered = synchronous.flatMap(({ component, outputs }) =>
      Object.keys(component)
        .filter((key) => !key.startsWith("__") && !INTERNAL.has(key) && !outputs.includes(key))
        .filter((key) => IN_PARTS[`${types.get(component) ?? ""} ${key}`] === undefined)
        .map((key) => `${nameOf(component)}.${key}`),
    );
    expect(unregistered).toEqual([]);
  });
});

const HOLDS_DATA = new Set([
  "digitalocean:index/databaseCluster:DatabaseCluster",
  "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
  "digitalocean:index/kubernetesCluster:KubernetesCluster",
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/vpc:Vpc",
]);

describe.each(["prod", "staging"])("the plan of %s", (stack) => {
  let resources: readonly PlannedResource[] = [];
  let byUrn: ReadonlyMap<string, PlannedResource> = new Map();

  beforeAll(async () => {
    ({ resources } = await planOf(stack));
    byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  });

  it("names each child after its parent", () => {
    const strangers = resources.filter(({ parent, name }) => {
      const above = parent === null ? undefined : byUrn.get(parent);
      return above?.type.startsWith("runstack:") === true && !name.startsWith(`${above.name}-`);
    });
    expect(strangers.map(({ name }) => name)).toEqual([]);
    expect(resources.length).toBeGreaterThan(150);
  });

  it("puts every resource below the one environment", () => {
    const roots = resources.filter(
      ({ parent }) => byUrn.get(parent ?? "")?.type === "pulumi:pulumi:Stack",
    );
    expect(roots.map(({ type }) => type).sort()).toEqual([
      "pulumi:providers:random",
      "runstack:environment:Environment",
    ]);
  });

  it("has no two resources of one type and name", () => {
    const ids = resources.map(({ type, name }) => `${type} ${name}`);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("has no two Kubernetes objects of one kind, namespace and name", () => {
    const objects = resources.flatMap(({ type, inputs }) => {
      const { name, namespace } = (inputs["metadata"] ?? {}) as Readonly<Record<string, string>>;
      return name === undefined ? [] : [`${type} ${namespace ?? ""}/${name}`];
    });
    expect(objects.filter((id, index) => objects.indexOf(id) !== index)).toEqual([]);
    expect(objects.length).toBeGreaterThan(100);
  });

  it("uses the environment's own providers for the cloud and the cluster", () => {
    const used = (prefix: string) =>
      new Set(
        resources
          .filter(({ type }) => type.startsWith(prefix))
          .map(({ provider }) => byUrn.get(provider ?? "")?.name),
      );
    expect(used("kubernetes:")).toEqual(new Set(["todo-chatbot-cluster-kubernetes"]));
    expect(used("digitalocean:")).toEqual(new Set(["todo-chatbot-digitalocean"]));
    const defaults = resources.filter(
      ({ type, name }) => type.startsWith("pulumi:providers:") && name.startsWith("default"),
    );
    expect(defaults.map(({ type }) => type)).toEqual(["pulumi:providers:random"]);
  });

  it("protects what holds data in production, and nothing in staging", () => {
    const stateful = resources.filter(({ type }) => HOLDS_DATA.has(type));
    expect(stateful).toHaveLength(8);
    expect(new Set(stateful.map((resource) => resource.protect))).toEqual(
      new Set([stack === "prod"]),
    );
    const anything = resources.some((resource) => resource.protect);
    expect(anything).toBe(stack === "prod");
  });

  it("waits for nothing that waits for it", () => {
    const state = new Map<string, "open" | "closed">();
    const cycles: string[] = [];
    const visit = (urn: string): void => {
      if (state.get(urn) === "open") cycles.push(urn);
      if (state.has(urn)) return;
      state.set(urn, "open");
      byUrn.get(urn)?.dependencies.forEach(visit);
      state.set(urn, "closed");
    };
    resources.forEach(({ urn }) => {
      visit(urn);
    });
    expect(cycles).toEqual([]);
  });

  it("holds its dependency lists short enough to read", () => {
    expect(Math.max(...resources.map(({ dependencies }) => dependencies.length))).toBeLessThan(40);
  });
});
