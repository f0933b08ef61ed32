/** The API version of an object, and whether the cluster still serves it. */
import { list } from "../../lib/words";
import type { Check } from "../expect";
import { each, expectThat } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, ANYWHERE, nameOf } from "../policy";
import type { Value } from "../values";
import { allKinds, schemaVersion } from "./api/schemas";
import { BUILT_IN_GROUPS, REMOVED_APIS, type RemovedApi } from "./removed-apis";
import { tokenOf } from "./tokens";

const BY_VERSION_AND_KIND: ReadonlyMap<string, RemovedApi> = new Map(
  REMOVED_APIS.flatMap((removed) =>
    removed.kinds.map((kind) => [`${removed.version} ${kind}`, removed] as const),
  ),
);

/** The removal of a resource's API version; undefined if it is not removed. */
function removalOf({ resource }: Check): RemovedApi | undefined {
  const token = tokenOf(resource.type);
  if (token === undefined) return undefined;
  const version = resource.props.get("apiVersion").string ?? token.apiVersion;
  return BY_VERSION_AND_KIND.get(`${version} ${token.kind}`);
}

/** The minor version in the configuration; Infinity by default. */
function minorOf({ context }: Check): number {
  const match = /^v?1\.(\d+)/.exec(context.setting("kubernetesVersion", ""));
  return match === null ? Infinity : Number(match[1]);
}

const instead = ({ instead: other }: RemovedApi): string =>
  other === undefined ? "the kind no longer exists, remove it" : `write ${JSON.stringify(other)}`;

function say({ resource, context }: Check, expected: string): void {
  const token = tokenOf(resource.type);
  const version = resource.props.get("apiVersion").string ?? token?.apiVersion ?? "";
  const message = `${nameOf(resource)}: apiVersion is ${JSON.stringify(version)}; ${expected}.`;
  context.report({ message, at: ["apiVersion"] });
}

/** `apps Deployment` → the versions that the types of the API have. */
let byKind: ReadonlyMap<string, readonly string[]> | undefined;

function versionsByKind(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const key of allKinds()) {
    const [version = "", kind = ""] = key.split(" ");
    const name = `${groupOf(version)} ${kind}`;
    found.set(name, [...(found.get(name) ?? []), version]);
  }
  return found;
}

const groupOf = (version: string): string =>
  version.includes("/") ? (version.split("/")[0] ?? "") : "core";
const stageOf = (version: string): string | undefined => /\d(alpha|beta)\d/.exec(version)?.[1];

/** The versions of a kind that no Kubernetes serves in this one; undefined if the version may exist. */
function othersOf(check: Check): readonly string[] | undefined {
  const token = tokenOf(check.resource.type);
  if (token === undefined || removalOf(check) !== undefined) return undefined;
  const version = check.resource.props.get("apiVersion").string ?? token.apiVersion;
  const name = `${groupOf(version)} ${token.kind.replace(/(?<=.)List$/, "")}`;
  byKind ??= versionsByKind();
  const ofRemoved = REMOVED_APIS.find(
    (removed) =>
      groupOf(removed.version) === groupOf(version) && removed.kinds.includes(token.kind),
  );
  const versions =
    byKind.get(name) ?? (ofRemoved?.instead === undefined ? [] : [ofRemoved.instead]);
  if (versions.length === 0 || versions.includes(version)) return undefined;
  // An older cluster may serve a stage that is gone.
  if (stageOf(version) !== undefined && minorOf(check) < newest()) return undefined;
  const stable = versions.filter((one) => stageOf(one) === undefined);
  return stable.length === 0 ? versions : stable;
}

const newest = (): number => Number(schemaVersion().split(".")[1]);

function served(check: Check): void {
  const others = othersOf(check);
  if (others !== undefined) {
    const expected = `Kubernetes 1.${String(newest())} has no such version of the kind: write ${list(others)}`;
    say(check, expected);
    return;
  }
  const removal = removalOf(check);
  if (removal === undefined || removal.removed > minorOf(check)) return;
  say(
    check,
    `Kubernetes no longer serves it since 1.${String(removal.removed)}: ${instead(removal)}`,
  );
}

function stable(check: Check): void {
  const token = tokenOf(check.resource.type);
  if (token === undefined || !BUILT_IN_GROUPS.has(token.group)) return;
  const version = check.resource.props.get("apiVersion").string ?? token.apiVersion;
  const stage = stageOf(version);
  const removal = removalOf(check);
  const minor = minorOf(check);
  if (stage === undefined || othersOf(check) !== undefined) return;
  if (removal !== undefined && removal.removed <= minor) return;
  const expected =
    removal === undefined
      ? `${stage} is off by default, or is removed in an upgrade: use a stable version`
      : `Kubernetes 1.${String(removal.removed)} does not serve it: ${instead(removal)}`;
  say(check, expected);
}

function agreeing(check: Check): void {
  const { type, props } = check.resource;
  const token = tokenOf(type);
  if (token === undefined) return;
  for (const [field, expected] of [
    ["apiVersion", token.apiVersion],
    ["kind", token.kind],
  ] as const) {
    // The SDK fills in missing fields.
    const isRight = ({ isMissing, string }: Value): boolean => isMissing || string === expected;
    expectThat(
      check,
      props.get(field),
      isRight,
      `the resource's type ${type} needs ${JSON.stringify(expected)}`,
    );
  }
}

const GUIDE = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/";
const configuration: Policy["configuration"] = {
  properties: {
    kubernetesVersion: {
      type: "string",
      default: "",
      description:
        'The version of the cluster, such as "v1.33"; if empty, every known removal counts',
    },
  },
};

export const apiVersions: readonly Policy[] = [
  {
    name: "api-version-served",
    title: "API versions are still served",
    clause: { reference: "PO-01; kube-linter no-extensions-v1beta; Pluto", url: GUIDE },
    severity: "high",
    themes: ["metadata", "api"],
    prevents: "The API server rejects the object after an upgrade, and a recovery stops there.",
    description:
      "No object uses an API version that the cluster no longer serves, or that its kind never had.",
    remediation:
      "Set apiVersion to the one that the message names, and update the fields that it renamed.",
    enforcement: ANYWHERE,
    configuration,
    check: each("every", served),
  },
  {
    name: "api-version-stable",
    title: "API versions are stable",
    clause: {
      reference: "PO-01; kube-score stable-version",
      url: "https://kubernetes.io/docs/reference/using-api/#api-versioning",
    },
    severity: "low",
    themes: ["metadata"],
    prevents: "An upgrade changes the meaning of an object, or removes its API.",
    description:
      "Built-in Kubernetes objects do not use alpha or beta versions; custom resources have their own rules.",
    remediation: "Use the stable apiVersion of the kind, if there is one.",
    enforcement: ADVICE,
    configuration,
    check: each("every", stable),
  },
  {
    name: "api-version-agrees",
    title: "An object's apiVersion and kind match its resource type",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields",
    },
    severity: "medium",
    themes: ["metadata"],
    prevents:
      "Pulumi creates a different object than the program, its diff and these policies describe.",
    description: "The apiVersion and the kind of an object match the type of its Pulumi resource.",
    remediation: "Remove apiVersion and kind, which the SDK sets, or correct them.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each("every", agreeing),
  },
];
