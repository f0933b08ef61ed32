import type * as k8s from "@pulumi/kubernetes";
import { NAMESPACES } from "../../lib/namespaces";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { PORTS } from "../kafka/strimzi-objects";
import { Component, type ComponentOptions } from "../kit/component";
import { Namespace } from "../kit/namespace";
import { enforce, shown } from "../kit/validation";
import { fromPeers, inNamespace, toApiServer, toEveryPod } from "../kit/network-rules";
import type { OperatorArguments } from "./operators";
import { spreadPods } from "../kit/spread";

/** The operator's namespace, which brokers admit. */
export const STRIMZI_NAMESPACE = NAMESPACES.strimzi;

export interface StrimziArguments extends OperatorArguments {
  /**
   * Namespaces in which it manages Kafka. They must exist first, because it gets permissions in
   * each: make the component depend on them.
   */
  readonly watchNamespaces: readonly string[];
}

/** The operator that manages Kafka in the cluster, in its own namespace. */
export class StrimziOperator extends Component {
  readonly namespace = STRIMZI_NAMESPACE;
  /** The API for Kafka, its pools, topics and users is available. */
  readonly operator: k8s.helm.v3.Release;

  constructor(name: string, args: StrimziArguments, options: ComponentOptions) {
    super("platform:StrimziOperator", name, { production: args.production }, options);
    checkOperator(name, args);
    const namespace = this.createNamespace(args);
    this.operator = installChart(
      this.child("operator"),
      {
        version: CHARTS.strimzi,
        releaseName: "strimzi",
        namespace: namespace.namespace,
        values: values(args),
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
    this.publish();
  }

  private createNamespace(args: StrimziArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: STRIMZI_NAMESPACE,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [fromPeers([inNamespace(args.monitoringNamespace)], 8080)],
          // To the API server, and to the brokers in each watched namespace.
          egress: [toApiServer(), toEveryPod(PORTS.controllers, PORTS.replication, PORTS.agent)],
        },
      },
      { parent: this },
    );
  }
}

/** Chart values for Strimzi 1.2.0. Pure. */
export function values({
  production,
  watchNamespaces,
  zones,
}: StrimziArguments): Record<string, unknown> {
  return {
    replicas: production ? 2 : 1,
    leaderElection: { enable: true },
    podDisruptionBudget: {
      enabled: production,
      minAvailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
    watchNamespaces: [...watchNamespaces],
    // This program creates the brokers' network policies, so that a plan shows them.
    generateNetworkPolicy: false,
    extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    topologySpreadConstraints: spreadPods({ "strimzi.io/kind": "cluster-operator" }, zones),
  };
}

/** Without a watched namespace, the chart would watch only its own. */
function checkOperator(name: string, { watchNamespaces }: StrimziArguments): void {
  enforce(`StrimziOperator ${name}`, [
    {
      holds: watchNamespaces.length > 0 && !watchNamespaces.includes(STRIMZI_NAMESPACE),
      key: "watchNamespaces",
      value: shown(watchNamespaces),
      allowed: `one or more, and not "${STRIMZI_NAMESPACE}"`,
      next: "List the namespaces that Kafka runs in.",
    },
  ]);
}
