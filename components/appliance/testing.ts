/** Shared by the tests of Qdrant and Ollama. */
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { gib } from "../../systems/units";
import type { ObjectStore } from "../object-store/contract";
import { inputsOf, type Registered } from "../kit/testing";
import type { OllamaArguments } from "./ollama-arguments";
import type { QdrantArguments } from "./qdrant-arguments";

/** Resource types that only these components create. */
export const CLOUD = {
  "kubernetes:apps/v1:StatefulSet": {},
  "kubernetes:core/v1:PersistentVolumeClaim": {},
} as const;

export const qdrantArguments: QdrantArguments = {
  system: "farm",
  namespace: "fields",
  objectName: "seeds",
  storage: gib(37),
  zones: ["z-1", "z-2"],
  storageClass: "slow",
  nodes: { pool: "works" },
  tls: undefined,
  monitoring: { namespace: "watch", ready: [] },
  allowFrom: [{ podSelector: { matchLabels: { app: "api" } } }],
  protect: true,
};

export const ollamaArguments: OllamaArguments = {
  system: "farm",
  namespace: "fields",
  objectName: "advisor",
  models: ["llama3.2:3b", "hf.co/org/seeds:Q4_K_M"],
  storage: gib(23),
  storageClass: "slow",
  nodes: { pool: "works" },
  allowFrom: [{ podSelector: { matchLabels: { app: "api" } } }],
  protect: true,
};

/** A resource to depend on. */
export const thing = (name: string, options: pulumi.ResourceOptions): pulumi.Resource =>
  new RandomPassword(name, { length: 8 }, options);

/** A bucket, with or without a key. */
export class FakeStore extends pulumi.ComponentResource implements ObjectStore {
  readonly endpoint = pulumi.output("store.example.net");
  readonly bucket = pulumi.output("the-bucket");
  readonly region = "mars-1";
  readonly dialect = "Other";
  readonly reach = [{ kind: "internet", port: 443 } as const];
  readonly ready: readonly pulumi.Resource[];
  readonly credentials: ObjectStore["credentials"];

  constructor(
    private readonly keyed: boolean,
    private readonly given: pulumi.ComponentResourceOptions,
  ) {
    super("runstack:test:FakeStore", "store", {}, given);
    this.credentials = keyed
      ? { accessKey: pulumi.secret("access-7"), secretKey: pulumi.secret("secret-7") }
      : undefined;
    this.ready = [thing("bucket", given)];
    this.registerOutputs({});
  }

  grant(name: string, { namespace, serviceAccount }: Parameters<ObjectStore["grant"]>[1]) {
    if (this.keyed) throw new Error("a store with a key grants nothing");
    return {
      annotations: { role: pulumi.output(`${namespace}/${serviceAccount}`) },
      ready: [thing(name, this.given)],
    };
  }
}

export interface Pod {
  readonly containers: readonly Record<string, unknown>[];
  readonly volumes: readonly unknown[];
  readonly [key: string]: unknown;
}

export function pod(resources: readonly Registered[]): Pod {
  const spec = inputsOf(resources, "store-pods")["spec"] as { template: { spec: Pod } };
  return spec.template.spec;
}

export function container(resources: readonly Registered[]): Record<string, unknown> {
  const [only] = pod(resources).containers;
  if (only === undefined) throw new Error("there is no container");
  return only;
}

export const environment = (resources: readonly Registered[]): Record<string, unknown> =>
  Object.fromEntries(
    (container(resources)["env"] as { name: string; value?: string }[]).map(({ name, value }) => [
      name,
      value ?? "from elsewhere",
    ]),
  );
