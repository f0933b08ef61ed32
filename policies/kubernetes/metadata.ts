/** Names, labels, annotations and namespaces of objects. */
import type { Asked } from "../demands";
import { each, must, mustBe, mustBeWritten } from "../demands";
import type { Context, Policy, Stack } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, typeKey } from "../policy";
import type { Value } from "../values";
import { entriesOf } from "./images";
import { SERVING_KINDS, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { tokenOf } from "./tokens";

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

interface NameRule {
  readonly pattern: RegExp;
  readonly most: number;
  readonly wanted: string;
}

const lower = "lower-case letters, digits and hyphens";
const NAME: NameRule = {
  pattern: SUBDOMAIN,
  most: 253,
  wanted: `${lower}, with dots between them`,
};
const SEGMENT: NameRule = {
  pattern: /^(?!\.{1,2}$)[^/%]+$/,
  most: 253,
  wanted: "anything without / and %",
};

/** Type key → the rule of its names, where that is another than `NAME`. */
const NAMES: ReadonlyMap<string, NameRule> = new Map<string, NameRule>([
  ["core:Namespace", { pattern: DNS_LABEL, most: 63, wanted: lower }],
  [
    "core:Service",
    { pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/, most: 63, wanted: `${lower}, a letter first` },
  ],
  ["batch:Job", { ...NAME, most: 63 }],
  // Eleven characters are left for the time in the names of its Jobs.
  ["batch:CronJob", { ...NAME, most: 52 }],
  // Its pods carry the name with a hash of the revision as a label.
  ["apps:StatefulSet", { ...NAME, most: 52 }],
  ["rbac.authorization.k8s.io:Role", SEGMENT],
  ["rbac.authorization.k8s.io:ClusterRole", SEGMENT],
  ["rbac.authorization.k8s.io:RoleBinding", SEGMENT],
  ["rbac.authorization.k8s.io:ClusterRoleBinding", SEGMENT],
  ["flowcontrol.apiserver.k8s.io:FlowSchema", SEGMENT],
  ["flowcontrol.apiserver.k8s.io:PriorityLevelConfiguration", SEGMENT],
  ["networking.k8s.io:IPAddress", { pattern: /^[\da-f.:]+$/, most: 39, wanted: "an address" }],
]);

function validName(asked: Asked): void {
  const token = tokenOf(asked.resource.type);
  if (token === undefined) return;
  const { pattern, most, wanted } = NAMES.get(`${token.group}:${token.kind}`) ?? NAME;
  // Without a name the program, or the API server, makes one up.
  const isRight = ({ isMissing, text = "" }: Value): boolean =>
    isMissing || (text.length <= most && pattern.test(text));
  const rule = `a name has at most ${String(most)} characters: ${wanted}`;
  must(asked, asked.resource.props.get("metadata", "name"), isRight, rule);
}

const LABEL = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MOST_LABEL = 63;

/** Whether a label or annotation may have this key: a name, after the domain of its owner and a slash. */
export function isKey(key: string): boolean {
  const [name = "", prefix, more] = key.split("/").reverse();
  const hasPrefix = prefix === undefined || (prefix.length <= NAME.most && SUBDOMAIN.test(prefix));
  return more === undefined && hasPrefix && isLabel(name) && name !== "";
}

/** Whether a label may have this value. */
function isLabel(text: string): boolean {
  return text === "" || (text.length <= MOST_LABEL && LABEL.test(text));
}

/** @param isRight which texts are; by default all, and then what is not known yet is one of them */
function validPairs(asked: Asked, pairs: Value, isRight?: (text: string) => boolean): void {
  const { resource, context } = asked;
  if (context.unsure(pairs, resource.urn)) return;
  for (const [key, value] of pairs.entries()) {
    if (!isKey(key)) {
      const wanted = "a key is a name of at most 63 characters, or a domain, a slash and a name";
      context.report(finding(resource, value, wanted));
    }
    if (value.isUnknown && isRight === undefined) continue;
    const wanted =
      value.isKnown && value.text === undefined
        ? "it must be a text: quote it"
        : "a label has at most 63 letters, digits, hyphens, dots or underscores";
    // A null takes the key away.
    const isValid = ({ isMissing, text }: Value): boolean =>
      isMissing || (text !== undefined && isRight?.(text) !== false);
    must(asked, value, isValid, wanted);
  }
}

function validLabels(asked: Asked): void {
  const { resource } = asked;
  if (tokenOf(resource.type) === undefined) return;
  const owners = [resource.props.get("metadata")];
  if (HOLDERS.includes(typeKey(resource.type)) && !resource.type.endsWith(":Pod")) {
    owners.push(podOf(resource).metadata);
  }
  for (const owner of owners) {
    validPairs(asked, owner.get("labels"), isLabel);
    validPairs(asked, owner.get("annotations"));
  }
}

const LABELS = "app.kubernetes.io/name";

function described(asked: Asked): void {
  const { context, resource } = asked;
  const metadata = resource.props.get("metadata");
  if (context.unsure(metadata.get("labels"), resource.urn)) return;
  for (const key of entriesOf(context.setting("labels", LABELS))) {
    mustBeWritten(asked, metadata.get("labels", key), "write the label");
  }
  for (const key of entriesOf(context.setting("annotations", ""))) {
    mustBeWritten(asked, metadata.get("annotations", key), "write the annotation");
  }
  const name = metadata.get("name").text;
  if (!context.setting("instanceIsName", false) || name === undefined) return;
  mustBe(asked, metadata.get("labels", "app.kubernetes.io/instance"), name);
}

/** Kinds that lie in a namespace, and whose home people forget to write. */
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

function atHome(stack: Stack, context: Context): void {
  const providers = new Map(
    stack.of("pulumi:providers:kubernetes").map(({ urn, props }) => [urn, props.get("namespace")]),
  );
  for (const resource of stack.of(...AT_HOME)) {
    // What is only read has no inputs; the SDK writes apiVersion into all that is made.
    if (resource.props.entries().length === 0) continue;
    const own = resource.props.get("metadata", "namespace");
    const ofProvider = providers.get(resource.provider ?? "");
    // What the provider says holds where the object says nothing.
    const isInherited = own.isMissing && ofProvider?.isMissing === false;
    const value = isInherited ? ofProvider : own;
    const isRight = ({ text = "" }: Value): boolean => text !== "" && text !== "default";
    if (context.unsure(value, resource.urn) || isRight(value)) continue;
    context.report(finding(resource, own, "write a namespace of its own"), resource.urn);
  }
}

const OBJECTS = "https://kubernetes.io/docs/concepts/overview/working-with-objects";
const common = { themes: ["metadata"], enforcement: STRICT_IN_PRODUCTION } as const;

export const metadata: readonly Policy[] = [
  {
    ...common,
    name: "object-name-valid",
    title: "Names are valid",
    clause: { reference: "PO-01", url: `${OBJECTS}/names/` },
    severity: "medium",
    prevents:
      "The API server refuses the object in the middle of an update, or a StatefulSet never makes a pod.",
    description:
      "The name of an object follows the rule of its kind, and leaves room for what Kubernetes adds to it.",
    remediation:
      "Write metadata.name in lower-case letters, digits and hyphens; at most 52 characters for a CronJob or a StatefulSet.",
    check: each("every", validName),
  },
  {
    ...common,
    name: "object-labels-valid",
    title: "Labels and annotations are valid",
    clause: { reference: "PO-01; kube-score label-values", url: `${OBJECTS}/labels/` },
    severity: "medium",
    prevents: "The API server refuses the object, or a selector never finds it.",
    description:
      "The labels and annotations of objects and of pod templates have valid keys, and texts as values.",
    remediation:
      "Quote numbers and booleans; shorten values of labels to 63 characters; put long texts into annotations.",
    check: each("every", validLabels),
  },
  {
    ...common,
    name: "recommended-labels",
    title: "Workloads say what they are",
    clause: {
      reference: "PO-01; kube-linter required-label-owner, required-annotation-email",
      url: `${OBJECTS}/common-labels/`,
    },
    severity: "low",
    prevents: "Nobody can tell from a dashboard, a bill or an alert what a pod belongs to.",
    description:
      "Workloads that serve carry the labels and annotations that the team asks for; without a setting the name of the application.",
    remediation: "Write the label or annotation in metadata of the workload.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        labels: {
          type: "string",
          default: LABELS,
          description: "Labels that must be there, with commas between them",
        },
        annotations: {
          type: "string",
          default: "",
          description: "Annotations that must be there, with commas between them",
        },
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
    title: "Nothing lives in the default namespace",
    clause: { reference: "PO-03; CKV_K8S_21; CIS Kubernetes 5.7.4", url: `${OBJECTS}/namespaces/` },
    severity: "medium",
    prevents: "Objects of several systems share their network policies, quotas and permissions.",
    description:
      "Every object names a namespace other than default, or its provider does for all of its objects.",
    remediation:
      "Write metadata.namespace, or namespace of the Kubernetes provider; for manifests that are applied with -n, give check the same: --namespace NAME.",
    check: { kind: "stack", run: atHome },
  },
];
