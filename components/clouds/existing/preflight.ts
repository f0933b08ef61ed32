import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../../lib/namespaces";
import { mib, millicores } from "../../../systems/units";
import { IMAGES } from "../../../versions";
import { Component, type ComponentOptions } from "../../kit/component";
import { commonLabels, containerResources } from "../../kit/labels";
import { Namespace } from "../../kit/namespace";
import { restrictedContainer, restrictedPod } from "../../kit/security";
import { GATEWAY_CLASS, type ExistingArguments } from "./arguments";
import { PREFLIGHT_SCRIPT } from "./script";

/** The namespace is the preflight's alone. */
export const PREFLIGHT_NAMESPACE = NAMESPACES.preflight;
/** Of its objects, and of those that belong to no namespace. */
const OBJECT = "runstack-preflight";

const METRICS = "/apis/metrics.k8s.io/v1beta1";

/** In seconds: for how long the API server is waited for, and the room for pulling the image. */
const DEADLINE = 120;
const ROOM = 180;

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;
type Question = Omit<ExistingArguments, "context" | "kubeconfig" | "region">;

/**
 * Asks an existing cluster for what the program needs of it. It is a Job that `pulumi up` waits for, with
 * the right to read exactly what it asks for; a failed one is run anew by the next `up`, and one whose
 * question has changed has another name.
 */
export class Preflight extends Component {
  readonly jobName: string;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: Question, options: ComponentOptions) {
    super("cluster:Preflight", name, { namespace: PREFLIGHT_NAMESPACE }, options);
    const namespace = this.createNamespace();
    const inside = this.options({ dependsOn: [...namespace.ready] });
    const rules = preflightRules(args);
    const account = this.createAccount(inside);
    const rights = this.createRights(rules);
    const wayOut = this.createWayOut(inside);
    const container = preflightContainer(args);
    this.jobName = `preflight-${digest([container, rules])}`;
    const after = this.options({ dependsOn: [...namespace.ready, account, ...rights, wayOut] });
    this.ready = [this.createJob(container, after)];
    this.publish();
  }

  private createNamespace(): Namespace {
    return new Namespace(
      this.child("namespace"),
      { namespace: PREFLIGHT_NAMESPACE, system: "runstack", podSecurity: "restricted" },
      { parent: this },
    );
  }

  private createAccount(options: pulumi.CustomResourceOptions): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: inNamespace(OBJECT), automountServiceAccountToken: false },
      options,
    );
  }

  private createRights(rules: PolicyRule[]): readonly pulumi.Resource[] {
    const metadata = { name: OBJECT, labels };
    const role = new k8s.rbac.v1.ClusterRole(
      this.child("role"),
      { metadata, rules },
      this.options(),
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      this.child("binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: OBJECT },
        subjects: [{ kind: "ServiceAccount", name: OBJECT, namespace: PREFLIGHT_NAMESPACE }],
      },
      this.options({ dependsOn: [role] }),
    );
    return [role, binding];
  }

  /** To the API server, whose address a managed cluster does not tell. */
  private createWayOut(options: pulumi.CustomResourceOptions): k8s.networking.v1.NetworkPolicy {
    return new k8s.networking.v1.NetworkPolicy(
      this.child("api-server"),
      {
        metadata: inNamespace("api-server"),
        spec: {
          podSelector: { matchLabels: { ...labels } },
          policyTypes: ["Egress"],
          egress: [{ ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) }],
        },
      },
      options,
    );
  }

  private createJob(
    container: k8s.types.input.core.v1.Container,
    options: pulumi.CustomResourceOptions,
  ): k8s.batch.v1.Job {
    return new k8s.batch.v1.Job(
      this.child("job"),
      {
        // No time to live: a Job that removes itself would be created again by every refresh.
        metadata: {
          ...inNamespace(this.jobName),
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
          // Repeating would not change the answer.
          backoffLimit: 0,
          activeDeadlineSeconds: DEADLINE + ROOM,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: OBJECT,
              // The one pod that asks the API server.
              automountServiceAccountToken: true,
              enableServiceLinks: false,
              securityContext: restrictedPod(),
              containers: [container],
            },
          },
        },
      },
      // Longer than the Job itself may take, so that its own answer comes first.
      { ...options, customTimeouts: { create: `${String(DEADLINE + ROOM + 60)}s` } },
    );
  }
}

const labels = commonLabels("runstack", "preflight");
const inNamespace = (name: string) => ({ name, namespace: PREFLIGHT_NAMESPACE, labels });

/** The same question gives the same name, so that an `up` without a change asks nothing. */
const digest = (question: unknown): string =>
  createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 10);

/** To read what is asked for, each object by its name as far as Kubernetes allows. */
export function preflightRules(args: Question): PolicyRule[] {
  const { storageClass, workloadNodes, helmOwned = [] } = args;
  const get = (group: string, resource: string, names: readonly string[]): PolicyRule => ({
    apiGroups: [group],
    resources: [resource],
    resourceNames: [...names],
    verbs: ["get"],
  });
  const definitions = helmOwned.map(({ definition }) => definition);
  return [
    {
      nonResourceURLs: ["/version", ...(args.hasMetricsServer ? [METRICS] : [])],
      verbs: ["get"],
    },
    ...(args.hasMetricsServer
      ? []
      : [get("apiregistration.k8s.io", "apiservices", ["v1beta1.metrics.k8s.io"])]),
    get("storage.k8s.io", "storageclasses", [storageClass]),
    get("gateway.networking.k8s.io", "gatewayclasses", [GATEWAY_CLASS.name]),
    ...(definitions.length === 0
      ? []
      : [get("apiextensions.k8s.io", "customresourcedefinitions", definitions)]),
    ...(Object.keys(workloadNodes).length === 0
      ? []
      : [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }]),
  ];
}

/** Plain values only: the Job's name is derived from it. */
export function preflightContainer(args: Question): k8s.types.input.core.v1.Container {
  return {
    name: "preflight",
    image: IMAGES.curl,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/sh", "-c", PREFLIGHT_SCRIPT],
    env: [
      { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      ...Object.entries(preflightEnvironment(args)).map(([name, value]) => ({ name, value })),
    ],
    resources: containerResources({
      requests: { cpu: millicores(10), memory: mib(16) },
      limits: { memory: mib(64) },
    }),
    securityContext: restrictedContainer(),
    // What is missing shows in the pod's status, and so in the engine's error.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** The question, in the script's words. */
export function preflightEnvironment(args: Question): Record<string, string> {
  const selector = Object.entries(args.workloadNodes)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const mounted = "/var/run/secrets/kubernetes.io/serviceaccount";
  return {
    API: "https://kubernetes.default.svc",
    CA_FILE: `${mounted}/ca.crt`,
    TOKEN_FILE: `${mounted}/token`,
    VERSIONS: args.versions.join(" "),
    STORAGE_CLASS: args.storageClass,
    GATEWAY_CLASS: GATEWAY_CLASS.name,
    GATEWAY_CONTROLLER: GATEWAY_CLASS.controller,
    METRICS: args.hasMetricsServer ? "yes" : "no",
    NODE_LABELS: selector,
    NODE_SELECTOR: encodeURIComponent(selector),
    HELM_OWNED: (args.helmOwned ?? [])
      .map(({ definition, namespace }) => `${definition}=${namespace}`)
      .join(" "),
    POD_CIDR: args.podCidr,
    SERVICE_CIDR: args.serviceCidr,
    DEADLINE: String(DEADLINE),
    PAUSE: "3",
  };
}
