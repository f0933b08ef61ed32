/** Names, labels, annotations and namespaces of objects. */
import type { Check } from "../expect";
import { each, expectThat, expectEqual, expectPresent } from "../expect";
import { MEANT } from "../in-manifests";
import type { CheckContext, Policy, Resource, Stack } from "../policy";
import { ADVICE, ANYWHERE, STRICT_IN_PRODUCTION, finding, typeKey, listSetting } from "../policy";
import type { Value } from "../values";
import { isLabel, isKey } from "./labels";
import { SERVING_KINDS, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { tokenOf, type Token } from "./tokens";
import { typeOfKind } from "./api/schemas";

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

interface NameRule {
  readonly pattern: RegExp;
  readonly most: number;
  readonly expected: string;
}

const lower = "lower-case letters, digits and hyphens";
const NAME: NameRule = {
  pattern: SUBDOMAIN,
  most: 253,
  expected: `${lower}, with dots between them`,
};
const SEGMENT: NameRule = {
  pattern: /^(?!\.{1,2}$)[^/%]+$/,
  most: 253,
  expected: "anything without / and %",
};

/** Type key → its naming rule, if it is not `NAME`. */
const NAMES: ReadonlyMap<string, NameRule> = new Map<string, NameRule>([
  ["core:Namespace", { pattern: DNS_LABEL, most: 63, expected: lower }],
  [
    "core:Service",
    { pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/, most: 63, expected: `${lower}, a letter first` },
  ],
  ["batch:Job", { ...NAME, most: 63 }],
  // Leaves eleven characters for the timestamp in the names of its Jobs.
  ["batch:CronJob", { ...NAME, most: 52 }],
  // Its pods have the name plus a revision hash as a label.
  ["apps:StatefulSet", { pattern: DNS_LABEL, most: 52, expected: lower }],
  ["policy:PodDisruptionBudget", SEGMENT],
  ["rbac.authorization.k8s.io:Role", SEGMENT],
  ["rbac.authorization.k8s.io:ClusterRole", SEGMENT],
  ["rbac.authorization.k8s.io:RoleBinding", SEGMENT],
  ["rbac.authorization.k8s.io:ClusterRoleBinding", SEGMENT],
  ["flowcontrol.apiserver.k8s.io:FlowSchema", SEGMENT],
  ["flowcontrol.apiserver.k8s.io:PriorityLevelConfiguration", SEGMENT],
  ["networking.k8s.io:IPAddress", { pattern: /^[\da-f.:]+$/, most: 39, expected: "an address" }],
]);

/** Questions to the API server, which are answered and not stored; and what it names itself. */
const UNNAMED = /^(authentication|authorization)\.k8s\.io:|^core:LimitRange$/;

const isUnnamed = ({ group, kind }: Token): boolean => UNNAMED.test(`${group}:${kind}`);

/**
 * Whether kubectl would send the object. Without a name, Pulumi generates one; and files of tools that look like
 * objects have no metadata.
 */
function isApplied({ resource: { options, props } }: Check, token: Token): boolean {
  if (options !== undefined || props.entries().length === 0 || isUnnamed(token)) return false;
  return typeOfKind(token.apiVersion, token.kind) !== undefined || props.get("metadata").isMap;
}

function validName(check: Check): void {
  const token = tokenOf(check.resource.type);
  if (token === undefined) return;
  const metadata = check.resource.props.get("metadata");
  const isSet = (key: string): boolean =>
    !metadata.get(key).isMissing && metadata.get(key).string !== "";
  if (isApplied(check, token) && !isSet("name") && !isSet("generateName")) {
    expectPresent(check, metadata.get("name"), "name the object, or set generateName");
    return;
  }
  const { pattern, most, expected } = NAMES.get(`${token.group}:${token.kind}`) ?? NAME;
  const isRight = ({ isMissing, string }: Value): boolean =>
    isMissing ||
    (string === "" && (isSet("generateName") || isUnnamed(token))) ||
    (string !== undefined && string.length <= most && pattern.test(string));
  const rule = `a name has at most ${String(most)} characters: ${expected}`;
  expectThat(check, check.resource.props.get("metadata", "name"), isRight, rule);
}

/** @param isRight which strings are valid; by default all, including unknown ones */
function validPairs(check: Check, pairs: Value, isRight?: (text: string) => boolean): void {
  const { resource, context } = check;
  if (context.noteUnknown(pairs, resource.urn)) return;
  for (const [key, value] of pairs.entries()) {
    if (!isKey(key)) {
      const expected = "a key is a name of at most 63 characters, or a domain, a slash and a name";
      context.report(finding(resource, value, expected));
    }
    if (value.isUnknown && isRight === undefined) continue;
    const expected =
      value.isKnown && value.string === undefined
        ? "it must be a string: quote it"
        : "a label has at most 63 letters, digits, hyphens, dots or underscores";
    // A null removes the key.
    const isValid = ({ isMissing, string }: Value): boolean =>
      isMissing || (string !== undefined && isRight?.(string) !== false);
    expectThat(check, value, isValid, expected);
  }
}

function validLabels(check: Check): void {
  const { resource } = check;
  if (tokenOf(resource.type) === undefined) return;
  const owners = [resource.props.get("metadata")];
  if (HOLDERS.includes(typeKey(resource.type)) && !resource.type.endsWith(":Pod")) {
    owners.push(podOf(resource).metadata);
  }
  for (const owner of owners) {
    validPairs(check, owner.get("labels"), isLabel);
    validPairs(check, owner.get("annotations"));
  }
}

const LABELS = ["app.kubernetes.io/name"];

function described(check: Check): void {
  const { context, resource } = check;
  const metadata = resource.props.get("metadata");
  if (context.noteUnknown(metadata.get("labels"), resource.urn)) return;
  for (const key of context.setting("labels", LABELS)) {
    expectPresent(check, metadata.get("labels", key), "add the label");
  }
  for (const key of context.setting("annotations", [])) {
    expectPresent(check, metadata.get("annotations", key), "add the annotation");
  }
  const name = metadata.get("name").string;
  if (!context.setting("instanceIsName", false) || name === undefined) return;
  expectEqual(check, metadata.get("labels", "app.kubernetes.io/instance"), name);
}

/** Namespaced kinds whose namespace people often forget. */
const AT_HOME: readonly string[] = [
  ...HOLDERS,
  "kubernetes:core:ConfigMap",
  "kubernetes:core:PersistentVolumeClaim",
  "kubernetes:core:Secret",
  "kubernetes:core:Service",
  "kubernetes:core:ServiceAccount",
  "kubernetes:networking.k8s.io:Ingress",
  "kubernetes:networking.k8s.io:NetworkPolicy",
  "kubernetes:policy:PodDisruptionBudget",
  "kubernetes:autoscaling:HorizontalPodAutoscaler",
  "kubernetes:rbac.authorization.k8s.io:Role",
  "kubernetes:rbac.authorization.k8s.io:RoleBinding",
];

/**
 * What belongs to the default namespace: two objects that every cluster has there, and policies that close the
 * namespace for whatever ends up in it.
 */
function isOfDefault({ type, props }: Resource): boolean {
  const [key, name] = [typeKey(type), props.get("metadata", "name").string];
  if (props.get("metadata", "namespace").string !== "default") return false;
  const selector = props.get("spec", "podSelector");
  return (
    (key === "kubernetes:core:ServiceAccount" && name === "default") ||
    (key === "kubernetes:core:Service" && name === "kubernetes") ||
    (key === "kubernetes:networking.k8s.io:NetworkPolicy" &&
      selector.isKnown &&
      selector.entries().length === 0)
  );
}

function atHome(stack: Stack, context: CheckContext): void {
  const providers = new Map(
    stack.of("pulumi:providers:kubernetes").map(({ urn, props }) => [urn, props.get("namespace")]),
  );
  for (const resource of stack.of(...AT_HOME)) {
    // A resource that is only read has no inputs; the SDK sets apiVersion on everything that is
    // created.
    if (resource.props.entries().length === 0) continue;
    const own = resource.props.get("metadata", "namespace");
    const ofProvider = providers.get(resource.provider ?? "");
    // The provider's namespace is the default.
    const isInherited = own.isMissing && ofProvider?.isMissing === false;
    const value = isInherited ? ofProvider : own;
    const isRight = ({ string = "" }: Value): boolean => string !== "" && string !== "default";
    if (context.noteUnknown(value, resource.urn) || isRight(value)) continue;
    if (isOfDefault(resource)) continue;
    context.report(finding(resource, own, "set a dedicated namespace"), resource.urn);
  }
}

const OBJECTS = "https://kubernetes.io/docs/concepts/overview/working-with-objects";
const common = { themes: ["metadata"], enforcement: STRICT_IN_PRODUCTION } as const;
/** What the API server refuses. */
const refused = { themes: ["metadata", "api"], enforcement: ANYWHERE } as const;

export const metadata: readonly Policy[] = [
  {
    ...refused,
    name: "object-name-valid",
    title: "Object names are valid",
    clause: { reference: "PO-01", url: `${OBJECTS}/names/` },
    severity: "medium",
    prevents:
      "The API server rejects the object in the middle of an update, or a StatefulSet never creates a pod.",
    description:
      "The name of an object follows the rules of its kind, and leaves room for the suffixes that Kubernetes adds.",
    remediation:
      "Use lower-case letters, digits and hyphens in metadata.name; at most 52 characters for a CronJob or a StatefulSet.",
    check: each("every", validName),
  },
  {
    ...refused,
    name: "object-labels-valid",
    title: "Labels and annotations are valid",
    clause: { reference: "PO-01; kube-score label-values", url: `${OBJECTS}/labels/` },
    severity: "medium",
    prevents: "The API server rejects the object, or a selector never finds it.",
    description:
      "The labels and annotations of objects and of pod templates have valid keys, and strings as values.",
    remediation:
      "Quote numbers and booleans; shorten label values to 63 characters; put long text in annotations.",
    check: each("every", validLabels),
  },
  {
    ...common,
    name: "recommended-labels",
    title: "Workloads have the recommended labels",
    clause: {
      reference: "PO-01; kube-linter required-label-owner, required-annotation-email",
      url: `${OBJECTS}/common-labels/`,
    },
    severity: "low",
    prevents:
      "Nobody can tell from a dashboard, a bill or an alert which application a pod belongs to.",
    description:
      "Long-running workloads have the labels and annotations that the team requires; by default, the name of the application.",
    remediation: "Add the label or annotation to metadata of the workload.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        labels: listSetting(LABELS, "Required labels"),
        annotations: listSetting([], "Required annotations"),
        instanceIsName: {
          type: "boolean",
          default: false,
          description: "Whether app.kubernetes.io/instance must be the name of the workload",
        },
      },
    },
    check: each(SERVING_KINDS, described),
  },
  {
    ...common,
    name: "namespace-not-default",
    title: "The default namespace is not used",
    clause: { reference: "PO-03; CKV_K8S_21; CIS Kubernetes 5.7.4", url: `${OBJECTS}/namespaces/` },
    severity: "medium",
    prevents: "Objects of several systems share their network policies, quotas and permissions.",
    description:
      "Every object sets a namespace other than default, or its provider does for all of its objects.",
    remediation:
      "Set metadata.namespace, or namespace of the Kubernetes provider; for manifests applied with -n, pass the same to check: --namespace NAME.",
    inManifests: MEANT,
    check: { kind: "stack", run: atHome },
  },
];
