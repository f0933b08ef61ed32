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

/** The namespace is only for the preflight. */
export const PREFLIGHT_NAMESPACE = NAMESPACES.preflight;
/** Name of its objects, including cluster-scoped ones. */
const OBJECT = "runstack-preflight";

const METRICS = "/apis/metrics.k8s.io/v1beta1";

/** In seconds: how long to wait for the API server, and additional time for pulling the image. */
const DEADLINE = 120;
const ROOM = 180;

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;
type Question = Omit<ExistingArguments, "context" | "kubeconfig" | "region">;

/**
 * Checks that an existing cluster has what the program needs. It is a Job that `pulumi up` waits
 * for, with permission to read exactly what it checks. A failed one is run again by the next `up`,
 * and different checks have a different name.
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

  /** To the API server, whose address a managed cluster does not reveal. */
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
        // No TTL: every refresh would recreate a Job that deletes itself.
        metadata: {
          ...inNamespace(this.jobName),
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
          // A retry would not change the result.
          backoffLimit: 0,
          activeDeadlineSeconds: DEADLINE + ROOM,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: OBJECT,
              // The only pod that queries the API server.
              automountServiceAccountToken: true,
              enableServiceLinks: false,
              securityContext: restrictedPod(),
              containers: [container],
            },
          },
        },
      },
      // Longer than the Job's own deadline, so that the Job's error is reported first.
      { ...options, customTimeouts: { create: `${String(DEADLINE + ROOM + 60)}s` } },
    );
  }
}

const labels = commonLabels("runstack", "preflight");
const inNamespace = (name: string) => ({ name, namespace: PREFLIGHT_NAMESPACE, labels });

/** The same checks give the same name, so that an `up` without a change runs nothing. */
const digest = (question: unknown): string =>
  createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 10);

/** Permission to read what is checked, by object name as far as Kubernetes supports that. */
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

/** Plain values only: the Job's name is derived from them. */
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
    // The script's output is shown in the pod's status, and so in the engine's error.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** The script's environment variables. */
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
