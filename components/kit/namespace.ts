import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { quantity, type Cpu, type Size } from "../../systems/units";
import { Component, type ComponentOptions } from "./component";
import { commonLabels } from "./labels";
import { fromPeers, toDns, toPeers } from "./network-rules";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

export interface NamespaceArguments {
  readonly namespace: string;
  readonly system: string;
  /** The Pod Security Standard that the API server enforces; it warns and audits at "restricted". */
  readonly podSecurity: "restricted" | "baseline" | "privileged";
  /** What else reads the namespace's labels. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Limit for all pods in the namespace together. @default no quota */
  readonly quota?: { readonly cpu: Cpu; readonly memory: Size; readonly pods: number };
  /**
   * Traffic of the namespace's own pods, besides DNS. Everything is denied by default; a workload's
   * own policies allow the rest. Pods of the namespace can always reach each other.
   * @default no further traffic
   */
  readonly traffic?: {
    readonly ingress: readonly IngressRule[];
    readonly egress: readonly EgressRule[];
  };
}

/** A namespace with Pod Security admission, default-deny network policies, quota and limits. */
export class Namespace extends Component {
  /** Known at preview: other objects refer to it before it exists. */
  readonly namespace: string;
  /** The namespace and its guards; everything in the namespace depends on them. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: NamespaceArguments, options: ComponentOptions) {
    const { namespace, podSecurity } = args;
    super("platform:Namespace", name, { namespace, podSecurity }, options);
    const object = this.createNamespace(args);
    const inside = this.options({ dependsOn: [object] });
    this.namespace = namespace;
    this.ready = [
      object,
      ...this.createPolicies(args, inside),
      this.createLimits(args, inside),
      ...(args.quota === undefined ? [] : [this.createQuota(args, args.quota, inside)]),
    ];
    this.publish();
  }

  private createNamespace(args: NamespaceArguments): k8s.core.v1.Namespace {
    const admission = (mode: string) => `pod-security.kubernetes.io/${mode}`;
    return new k8s.core.v1.Namespace(
      this.child("namespace"),
      {
        metadata: {
          name: args.namespace,
          labels: {
            ...commonLabels(args.system, "namespace"),
            ...args.labels,
            [admission("enforce")]: args.podSecurity,
            [admission("enforce-version")]: "latest",
            // The audit log records tolerated pods; the warning is shown to their author.
            [admission("warn")]: args.podSecurity === "privileged" ? "baseline" : "restricted",
            [admission("warn-version")]: "latest",
            [admission("audit")]: "restricted",
            [admission("audit-version")]: "latest",
          },
        },
      },
      this.options(),
    );
  }

  private createPolicies(
    args: NamespaceArguments,
    options: pulumi.CustomResourceOptions,
  ): k8s.networking.v1.NetworkPolicy[] {
    const policy = (
      suffix: string,
      spec: Omit<k8s.types.input.networking.v1.NetworkPolicySpec, "podSelector">,
    ) =>
      new k8s.networking.v1.NetworkPolicy(
        this.child(suffix),
        {
          metadata: {
            name: suffix,
            namespace: args.namespace,
            labels: commonLabels(args.system, "network"),
          },
          spec: { podSelector: {}, ...spec },
        },
        options,
      );
    const { traffic } = args;
    return [
      policy("default-deny", { policyTypes: ["Ingress", "Egress"] }),
      policy("allow-dns", { policyTypes: ["Egress"], egress: [toDns()] }),
      ...(traffic === undefined
        ? []
        : [
            policy("allow-platform", {
              policyTypes: ["Ingress", "Egress"],
              ingress: [fromPeers([{ podSelector: {} }]), ...traffic.ingress],
              egress: [toPeers([{ podSelector: {} }]), ...traffic.egress],
            }),
          ]),
    ];
  }

  /** A container without requests and limits gets defaults, so that the quota admits it. */
  private createLimits(
    args: NamespaceArguments,
    options: pulumi.CustomResourceOptions,
  ): k8s.core.v1.LimitRange {
    return new k8s.core.v1.LimitRange(
      this.child("limits"),
      {
        metadata: {
          name: "container-defaults",
          namespace: args.namespace,
          labels: commonLabels(args.system, "limits"),
        },
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
              // A node's disk is shared: what one pod writes must not evict the others.
              default: { memory: "512Mi", "ephemeral-storage": "2Gi" },
            },
          ],
        },
      },
      options,
    );
  }

  private createQuota(
    args: NamespaceArguments,
    quota: NonNullable<NamespaceArguments["quota"]>,
    options: pulumi.CustomResourceOptions,
  ): k8s.core.v1.ResourceQuota {
    return new k8s.core.v1.ResourceQuota(
      this.child("quota"),
      {
        metadata: {
          name: "namespace-quota",
          namespace: args.namespace,
          labels: commonLabels(args.system, "quota"),
        },
        spec: {
          hard: {
            "requests.cpu": quantity(quota.cpu),
            "requests.memory": quantity(quota.memory),
            pods: String(quota.pods),
            // Nothing in an application namespace is exposed directly; only the gateway is.
            "services.loadbalancers": "0",
            "services.nodeports": "0",
          },
        },
      },
      options,
    );
  }
}
