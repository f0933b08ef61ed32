/** Classes for controllers, disks, priorities and runtimes. */
import { POD_KINDS, podOf } from "../objects";
import type { Policy, Stack, StackResource } from "../../policy";
import { ADVICE } from "../../policy";
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

const templates: Kind["named"] = (stack) =>
  stack.of("kubernetes:apps:StatefulSet").flatMap((resource) =>
    resource.props
      .get("spec", "volumeClaimTemplates")
      .list()
      .map((template) => [resource, template.get("spec", "storageClassName")] as const),
  );

const KINDS: readonly Kind[] = [
  {
    type: "kubernetes:scheduling.k8s.io:PriorityClass",
    named: ofPods("priorityClassName"),
    builtIn: /^system-(cluster|node)-critical$/,
  },
  {
    type: "kubernetes:node.k8s.io:RuntimeClass",
    named: ofPods("runtimeClassName"),
    builtIn: /^gvisor$/,
  },
  {
    type: "kubernetes:networking.k8s.io:IngressClass",
    named: at(["kubernetes:networking.k8s.io:Ingress"], "spec", "ingressClassName"),
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
    ],
    // An empty name means a volume without a class; the others are those of GKE, EKS and
    // DigitalOcean.
    builtIn:
      /^(|standard|(standard|premium)-rw[ox]|(zonal|enterprise|enterprise-multishare)-rwx|gp2|do-block-storage(-xfs)?(-retain)?)$/,
  },
];

/** Kinds of which the stack creates some; nothing is known of the others. */
function references(stack: Stack): readonly Reference[] {
  return KINDS.filter(({ type }) => stack.of(type).length > 0).flatMap(({ type, named, builtIn }) =>
    named(stack)
      .filter(([, value]) => !builtIn.test(value.string ?? "?"))
      .map(([from, value]) => ({ from, value, to: type, isClusterWide: true })),
  );
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
      "If a stack creates classes of a kind (priority, runtime, ingress, gateway, storage), objects in its own namespaces refer only to those classes, or to the cloud's own.",
    remediation: "Correct the name of the class, or create it.",
    enforcement: ADVICE,
    configuration: FOREIGN,
    check: {
      kind: "stack",
      run: (stack, context) => {
        resolve(stack, context, references(stack));
      },
    },
  },
];
