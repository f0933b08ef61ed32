import type * as k8s from "@pulumi/kubernetes";
import { cores, gib, type Size } from "../../systems/units";
import { enforce, quoted, type Rule } from "../kit/validation";

export interface OllamaArguments {
  readonly system: string;
  /** WARNING: changing it creates a new, empty volume; the old one is deleted. */
  readonly namespace: string;
  /**
   * Name of the Service and the pod. WARNING: changing it creates a new, empty volume; the old one
   * is deleted.
   * @default "ollama"
   */
  readonly objectName?: string;
  /**
   * At most 1, because the volume attaches to one node.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * As `name:tag`, for example `llama3.2:3b`. They are pulled onto the volume before the server
   * starts; when the list changes, next to the running server. A model that is no longer listed
   * stays on the volume.
   * @default none
   */
  readonly models?: readonly string[];
  /** For all models together. It can grow in place if the class allows it, but not shrink. */
  readonly storage: Size;
  /** WARNING: changing it replaces the volume, and the models are pulled again. */
  readonly storageClass: string;
  /** Labels of the nodes it runs on; empty for any. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Who may connect. Ollama has no authentication: this is its only protection. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** Protects the volume: to delete it, set this to false first. */
  readonly protect: boolean;
}

export const PORT = 11434;
/** The only writable path: models, the server's identity at the registry, caches. */
export const HOME = "/data";

export const objectName = (args: Pick<OllamaArguments, "objectName">): string =>
  args.objectName ?? "ollama";

/** Selector labels, which never change. */
export const selector = (args: Pick<OllamaArguments, "objectName">) => ({
  "app.kubernetes.io/name": "ollama",
  "app.kubernetes.io/instance": objectName(args),
});

/** Memory must be large enough for the models in use. */
export const RESOURCES = {
  requests: { cpu: cores(1), memory: gib(4) },
  limits: { memory: gib(8) },
} as const;

const NAME = /^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$/;
/** `[host/][namespace/]name:tag`, without characters that a shell interprets. */
const MODEL =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,2}:[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What Kubernetes would reject, or accept with a bad result. Pure. */
export function checkOllama(name: string, args: OllamaArguments): void {
  const { replicas = 1, models = [], storage } = args;
  const whole = (n: number, least: number) => Number.isInteger(n) && n >= least;
  enforce(`Ollama ${name}`, [
    {
      holds: NAME.test(objectName(args)),
      key: "objectName",
      value: quoted(objectName(args)),
      allowed: "1 to 48 lower-case letters, digits and hyphens, beginning with a letter",
      next: "The names of its pod and jobs are made from it.",
    },
    {
      holds: replicas === 1,
      key: "replicas",
      value: String(replicas),
      allowed: "1",
      next: "A second pod could not attach the volume: use larger nodes instead.",
    },
    ...modelRules(models),
    {
      holds: whole(storage.bytes, gib(1).bytes),
      key: "storage",
      value: `${String(storage.bytes)} bytes`,
      allowed: "1 GiB or more",
      next: "A volume can be enlarged, but not shrunk.",
    },
  ]);
}

const modelRules = (models: readonly string[]): readonly Rule[] => [
  ...models.map((model) => ({
    holds: MODEL.test(model),
    key: "models",
    value: quoted(model),
    allowed: "a model's name with its tag, such as llama3.2:3b",
    next: "Without a tag, Ollama pulls the latest version.",
  })),
  {
    holds: new Set(models).size === models.length,
    key: "models",
    value: models.join(", "),
    allowed: "without duplicates",
    next: "Remove the duplicate.",
  },
];
