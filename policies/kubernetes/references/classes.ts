/** Classes for controllers, disks, priorities and runtimes. */
import { POD_KINDS, podOf } from "../objects";
import { nearest } from "../../../lib/words";
import type { CheckContext, Policy, Stack, StackResource } from "../../policy";
import { ADVICE, finding } from "../../policy";
import type { Value } from "../../values";
import { FOREIGN, resolve, type Reference } from "./reference";

interface Kind {
  readonly type: string;
  /** The fields that name such a class. */
  readonly named: (stack: Stack) => readonly (readonly [StackResource, Value])[];
  /** Classes provided by Kubernetes, a cloud or a well-known controller. */
  readonly builtIn: RegExp;
}

const at =
  (types: readonly string[], ...path: readonly string[]): Kind["named"] =>
  (stack) =>
    stack.of(...types).map((resource) => [resource, resource.props.get(...path)]);

const ofPods =
  (field: string): Kind["named"] =>
  (stack) =>
    stack.of(...POD_KINDS).map((resource) => [resource, podOf(resource).spec.get(field)]);

/** Templates of claims: those of a StatefulSet, and those of a pod's own volumes. */
const templates: Kind["named"] = (stack) =>
  stack.of(...POD_KINDS).flatMap((resource) => {
    const own = podOf(resource)
      .spec.get("volumes")
      .list()
      .map((volume) => volume.get("ephemeral", "volumeClaimTemplate"));
    return [...resource.props.get("spec", "volumeClaimTemplates").list(), ...own].map(
      (template) => [resource, template.get("spec", "storageClassName")] as const,
    );
  });

/** Values of charts, by the last key of their path. */
const inCharts =
  (pattern: RegExp): Kind["named"] =>
  (stack) =>
    stack
      .of("kubernetes:helm.sh:Release")
      .flatMap((resource) =>
        below(resource.props.get("values"), pattern).map((value) => [resource, value] as const),
      );

function below(value: Value, pattern: RegExp, depth = 0): readonly Value[] {
  if (depth > DEPTH) return [];
  const own = value
    .entries()
    .flatMap(([key, each]) => (pattern.test(key) && !each.isMap ? [each] : []));
  const inner = [...value.list(), ...value.entries().map(([, each]) => each)];
  return [...own, ...inner.flatMap((each) => below(each, pattern, depth + 1))];
}

/** Deeper nesting than any chart's values have. */
const DEPTH = 14;

/** Disks of the members of clusters that Strimzi and CloudNativePG run. */
const ofOperators: Kind["named"] = (stack) => [
  ...at(["kubernetes:kafka.strimzi.io:KafkaNodePool"], "spec", "storage", "class")(stack),
  ...stack.of("kubernetes:kafka.strimzi.io:KafkaNodePool").flatMap((pool) =>
    pool.props
      .get("spec", "storage", "volumes")
      .list()
      .map((volume) => [pool, volume.get("class")] as const),
  ),
  ...["storage", "walStorage"].flatMap((part) =>
    at(["kubernetes:postgresql.cnpg.io:Cluster"], "spec", part, "storageClass")(stack),
  ),
];

const KINDS: readonly Kind[] = [
  {
    type: "kubernetes:scheduling.k8s.io:PriorityClass",
    named: (stack) => [
      ...ofPods("priorityClassName")(stack),
      ...inCharts(/^priorityClassName$/)(stack),
    ],
    builtIn: /^system-(cluster|node)-critical$/,
  },
  {
    type: "kubernetes:node.k8s.io:RuntimeClass",
    named: ofPods("runtimeClassName"),
    builtIn: /^gvisor$/,
  },
  {
    type: "kubernetes:networking.k8s.io:IngressClass",
    named: (stack) => [
      ...at(["kubernetes:networking.k8s.io:Ingress"], "spec", "ingressClassName")(stack),
      ...inCharts(/^ingressClassName$/)(stack),
    ],
    builtIn: /^(nginx|traefik|haproxy|alb|gce|gce-internal)$/,
  },
  {
    type: "kubernetes:gateway.networking.k8s.io:GatewayClass",
    named: at(["kubernetes:gateway.networking.k8s.io:Gateway"], "spec", "gatewayClassName"),
    builtIn:
      /^(gke-l7-.*|asm-l7-gxlb|istio|istio-remote|istio-waypoint|cilium|amazon-vpc-lattice)$/,
  },
  {
    type: "kubernetes:storage.k8s.io:StorageClass",
    named: (stack) => [
      ...at(["kubernetes:core:PersistentVolumeClaim"], "spec", "storageClassName")(stack),
      ...templates(stack),
      ...ofOperators(stack),
      ...inCharts(/^storageClass(Name)?$/)(stack),
    ],
    // An empty name means a volume without a class; the others are those of GKE, EKS and
    // DigitalOcean.
    builtIn:
      /^(|standard|(standard|premium)-rw[ox]|(zonal|enterprise|enterprise-multishare)-rwx|gp2|do-block-storage(-xfs)?(-retain)?)$/,
  },
];

/** Clusters whose storage classes a cloud creates, where none but these look like them. */
const OF_CLOUDS: Readonly<Record<string, readonly string[]>> = {
  // https://docs.digitalocean.com/products/kubernetes/how-to/add-volumes/
  "digitalocean:index/kubernetesCluster:KubernetesCluster": [
    "do-block-storage",
    "do-block-storage-retain",
    "do-block-storage-xfs",
    "do-block-storage-xfs-retain",
  ],
  // https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#storageclasses
  "gcp:container/cluster:Cluster": ["standard-rwo", "premium-rwo", "standard-rwx", "premium-rwx"],
};

/** Where the stack creates no class of a kind, others do: only a slip of a cloud's own is reported. */
function slips({ type, named }: Kind, stack: Stack, context: CheckContext): void {
  if (!type.endsWith(":StorageClass")) return;
  const known = Object.entries(OF_CLOUDS).flatMap(([cluster, names]) =>
    stack.of(cluster).length > 0 ? names : [],
  );
  for (const [from, value] of named(stack)) {
    const { string = "" } = value;
    if (context.noteUnknown(value, from.urn) || known.includes(string)) continue;
    const near = string === "" ? undefined : nearest(string, known);
    if (near === undefined) continue;
    const expected = `the cloud has no such StorageClass: did you mean ${JSON.stringify(near)}`;
    context.report(finding(from, value, expected), from.urn);
  }
}

function references({ type, named, builtIn }: Kind, stack: Stack): readonly Reference[] {
  return named(stack)
    .filter(([, value]) => !builtIn.test(value.string ?? "?"))
    .map(([from, value]) => {
      const isRelease = from.type.startsWith("kubernetes:helm.sh");
      const place = isRelease ? { namespace: from.props.get("namespace") } : {};
      return { from, value, to: type, isClusterWide: true, ...place };
    });
}

/** Of kinds of which the stack creates some, every class that it names; nothing is known of the others. */
function everyOneExists(stack: Stack, context: CheckContext): void {
  for (const kind of KINDS) {
    if (stack.of(kind.type).length > 0) resolve(stack, context, references(kind, stack));
    else slips(kind, stack, context);
  }
}

export const classes: readonly Policy[] = [
  {
    name: "class-reference",
    title: "Referenced classes exist",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/concepts/storage/storage-classes/",
    },
    severity: "medium",
    themes: ["workloads"],
    prevents:
      "Pods, volumes or routes wait forever for a controller that does not know their class.",
    description:
      "If a stack creates classes of a kind (priority, runtime, ingress, gateway, storage), objects in its own namespaces, and the values of charts, refer only to those classes, or to the cloud's own. In a cluster that the stack creates, the name of a storage class is no slip of one of the cloud's.",
    remediation: "Correct the name of the class, or create it.",
    enforcement: ADVICE,
    configuration: FOREIGN,
    check: { kind: "stack", run: everyOneExists },
  },
];
