import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../../lib/namespaces";
import { mib, millicores } from "../../../systems/units";
import { IMAGES } from "../../../versions";
import { createClusterAccount, createClusterJob, workDigest } from "../../kit/cluster-job";
import { Component, type ComponentOptions } from "../../kit/component";
import { commonLabels, containerResources } from "../../kit/labels";
import { Namespace } from "../../kit/namespace";
import { restrictedContainer } from "../../kit/security";
import { GATEWAY_CLASS, type ExistingArguments } from "./arguments";
import { PREFLIGHT_SCRIPT } from "./script";

/** The namespace is only for the preflight. */
export const PREFLIGHT_NAMESPACE = NAMESPACES.preflight;
/** Name of its objects, including cluster-scoped ones. */
const OBJECT = "runstack-preflight";
const COMPONENT = "preflight";

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
    const part = this.part();
    const place = { namespace, account: OBJECT, component: COMPONENT };
    const rules = preflightRules(args);
    const container = preflightContainer(args);
    this.jobName = `preflight-${workDigest([container, rules])}`;
    const job = createClusterJob(part, place, {
      suffix: "job",
      name: this.jobName,
      container,
      // A retry would not change the result.
      retries: 0,
      deadline: DEADLINE + ROOM,
      after: [
        ...createClusterAccount(part, place, rules),
        this.createWayOut(this.options({ dependsOn: [...namespace.ready] })),
      ],
    });
    this.ready = [job];
    this.publish();
  }

  private createNamespace(): Namespace {
    return new Namespace(
      this.child("namespace"),
      { namespace: PREFLIGHT_NAMESPACE, system: "runstack", podSecurity: "restricted" },
      { parent: this },
    );
  }

  /** To the API server, whose address a managed cluster does not reveal. */
  private createWayOut(options: pulumi.CustomResourceOptions): k8s.networking.v1.NetworkPolicy {
    const labels = commonLabels("runstack", COMPONENT);
    return new k8s.networking.v1.NetworkPolicy(
      this.child("api-server"),
      {
        metadata: { name: "api-server", namespace: PREFLIGHT_NAMESPACE, labels },
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ["Egress"],
          egress: [{ ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) }],
        },
      },
      options,
    );
  }
}

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
