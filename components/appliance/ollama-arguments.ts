import type * as k8s from "@pulumi/kubernetes";
import { cores, gib, type Size } from "../../systems/units";
import { enforce, quoted, type Rule } from "../kit/validation";

export interface OllamaArguments {
  readonly system: string;
  /** WARNING: another namespace is another, empty volume; the first one is deleted. */
  readonly namespace: string;
  /**
   * Of the Service and the pod. WARNING: another name is another, empty volume; the first one is
   * deleted.
   * @default "ollama"
   */
  readonly objectName?: string;
  /**
   * One, because its volume is attached to one node.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * As `name:tag`, for example `llama3.2:3b`: fetched onto the volume before the server starts, and when
   * they change, beside the running one. What is no longer named stays there.
   * @default none
   */
  readonly models?: readonly string[];
  /** For all models together. It grows in place where the class allows, and never shrinks. */
  readonly storage: Size;
  /** WARNING: another class replaces the volume, and the models are fetched again. */
  readonly storageClass: string;
  /** Labels of the nodes it runs on; empty for any. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Who may connect. It knows no keys: this is all that stands before it. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** Of the volume: taking it away needs a change of this first. */
  readonly protect: boolean;
}

export const PORT = 11434;
/** The one place it may write to: models, its identity at the registry, caches. */
export const HOME = "/data";

export const objectName = (args: Pick<OllamaArguments, "objectName">): string =>
  args.objectName ?? "ollama";

/** What selects the server, and never changes. */
export const selector = (args: Pick<OllamaArguments, "objectName">) => ({
  "app.kubernetes.io/name": "ollama",
  "app.kubernetes.io/instance": objectName(args),
});

/** Memory must hold the models in use. */
export const RESOURCES = {
  requests: { cpu: cores(1), memory: gib(4) },
  limits: { memory: gib(8) },
} as const;

const NAME = /^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$/;
/** `[host/][namespace/]name:tag`, without anything that a shell would take apart. */
const MODEL =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,2}:[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What Kubernetes would refuse, or worse, would not. Pure. */
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
