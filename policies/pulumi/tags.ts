/** Tags and labels that identify the owner of a resource. */
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, nameOf, listSetting } from "../policy";
import type { Value } from "../values";
import { STATEFUL } from "./stateful";

const KEYS = ["system", "environment"];

/** Where a provider sets default tags or labels. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  "pulumi:providers:aws": ["defaultTags", "tags"],
  "pulumi:providers:gcp": ["defaultLabels"],
};
/** Where a resource sets its own tags; the name varies by cloud. */
const OWN = ["tags", "labels", "userLabels", "resourceLabels"] as const;
/** A Space cannot be tagged, and a key only through another resource. */
const UNTAGGED: ReadonlySet<string> = new Set([
  "digitalocean:index/spacesBucket:SpacesBucket",
  "gcp:storage/bucketObject:BucketObject",
]);

interface Tags {
  readonly keys: ReadonlySet<string>;
  /** Not all of them are known yet. */
  readonly open: boolean;
}

/**
 * Keys of an object, or the part before the colon in a list, as in DigitalOcean's `system:shop`.
 */
function keysOf(value: Value): Tags {
  const texts = value.list().map(({ string }) => string?.split(":")[0] ?? "");
  const keys = value.entries().map(([key]) => key);
  return { keys: new Set([...texts, ...keys]), open: value.isUnknown };
}

/** A provider's nested properties travel as JSON. */
function defaultsOf(provider: StackResource | undefined): Tags {
  const [first = "", ...rest] = DEFAULTS[provider?.type ?? ""] ?? [];
  const value = provider?.props.get(first);
  if (value === undefined) return { keys: new Set(), open: false };
  if (value.string === undefined) return keysOf(value.get(...rest));
  return { keys: new Set(keysIn(value.string, rest)), open: false };
}

/** The keys of an object inside a JSON string; none if there is no such object. */
function keysIn(text: string, path: readonly string[]): readonly string[] {
  try {
    let node: unknown = JSON.parse(text);
    for (const key of path) node = isObject(node) ? Reflect.get(node, key) : undefined;
    return isObject(node) ? Object.keys(node) : [];
  } catch {
    return [];
  }
}

const isObject = (node: unknown): node is object => typeof node === "object" && node !== null;

function evaluate(stack: Stack, context: CheckContext): void {
  const expected = context.setting("keys", KEYS);
  const providers = new Map(
    stack.of(...Object.keys(DEFAULTS)).map((one) => [one.urn, defaultsOf(one)] as const),
  );
  const types = STATEFUL.filter((type) => !UNTAGGED.has(type));
  for (const resource of stack.of(...types)) {
    const own = OWN.map((key) => resource.props.get(key));
    const open = own.filter((value) => context.noteUnknown(value, resource.urn)).length > 0;
    const tags = [...own.map(keysOf), providers.get(resource.provider ?? "")];
    const found = new Set(tags.flatMap((one) => [...(one?.keys ?? [])]));
    const missing = expected.filter((key) => !found.has(key));
    if (open || tags.some((one) => one?.open === true) || missing.length === 0) continue;
    const list = missing.map((key) => JSON.stringify(key)).join(", ");
    context.report(
      `${nameOf(resource)} has no ${list} in its tags or labels, or in its provider's defaults.`,
      resource.urn,
    );
  }
}

export const tags: readonly Policy[] = [
  {
    name: "pulumi-resource-tags",
    title: "Resources are tagged with their system and environment",
    clause: {
      reference: "PO-03; ALL-01",
      url: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    },
    severity: "low",
    themes: ["program"],
    prevents: "Nobody knows who owns the database, so it is deleted, or paid for indefinitely.",
    description:
      "Clusters and all resources that hold data have tags or labels with their system and environment, directly or through their provider's defaults.",
    remediation:
      "Set defaultTags of the aws provider, defaultLabels of the gcp provider, or tags such as system:shop on DigitalOcean.",
    enforcement: ADVICE,
    needs: "program",
    configuration: {
      properties: {
        keys: listSetting(KEYS, "Required keys"),
      },
    },
    check: { kind: "stack", run: evaluate },
  },
];
