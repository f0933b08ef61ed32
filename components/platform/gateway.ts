import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import type { Edge, EnvironmentName } from "../../systems/model";
import { CHARTS } from "../../versions";
import type { LoadBalancerTargets } from "../cluster/contract";
import { installChart } from "../kit/chart";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { EXTENSION_API, GATEWAY_API } from "./gateway-api";
import { certificateName, edgeRoutes, type EdgeHost } from "./gateway-routes";
import { createPromotion } from "./promotion";
import { clientPolicy, proxy, trafficPolicy } from "./gateway-policies";
import { Namespace } from "../kit/namespace";
import {
  fromAnywhere,
  fromPeers,
  inNamespace,
  toApiServer,
  toEveryPod,
} from "../kit/network-rules";

export interface GatewayArguments {
  readonly system: string;
  readonly production: boolean;
  readonly monitoringNamespace: string;
  readonly chartMirror: string | undefined;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /** Annotations for the cloud's load balancer. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  readonly loadBalancerTargets: LoadBalancerTargets | undefined;
}

/** The namespace of the data plane: network policies of exposed workloads admit it. */
export const GATEWAY_NAMESPACE = NAMESPACES.gateway;
const CLASS = "runstack";

/**
 * Envoy Gateway, an implementation of the Gateway API with rate limits and long WebSocket
 * connections, which the Gateway API alone does not guarantee.
 */
export class Gateway extends Component {
  /** What must exist before every Gateway, route and policy. */
  readonly release: k8s.helm.v3.Release;
  readonly className: string;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GatewayArguments, options: ComponentOptions) {
    super("platform:Gateway", name, { production: args.production }, options);
    const namespace = this.createNamespace(args);
    this.release = this.install(args, namespace);
    const inside = this.options({ dependsOn: [this.release] });
    const settings = customResource(
      this.child("proxy"),
      {
        apiVersion: EXTENSION_API,
        kind: "EnvoyProxy",
        metadata: {
          name: CLASS,
          namespace: GATEWAY_NAMESPACE,
          labels: commonLabels(args.system, "gateway"),
        },
        spec: proxy(args),
      },
      inside,
    );
    const gatewayClass = customResource(
      this.child("class"),
      {
        apiVersion: GATEWAY_API,
        kind: "GatewayClass",
        metadata: { name: CLASS, labels: commonLabels(args.system, "gateway") },
        spec: {
          controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
          parametersRef: {
            group: EXTENSION_API.split("/")[0],
            kind: "EnvoyProxy",
            name: CLASS,
            namespace: GATEWAY_NAMESPACE,
          },
        },
      },
      this.options({ dependsOn: [this.release, settings] }),
    );
    this.className = CLASS;
    this.ready = [this.release, gatewayClass];
    this.publish();
  }

  private createNamespace(args: GatewayArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: GATEWAY_NAMESPACE,
        system: args.system,
        podSecurity: "restricted",
        labels: args.loadBalancerTargets?.namespaceLabels ?? {},
        traffic: {
          // The proxy listens on 10080 and 10443 for 80 and 443; 9443 is its webhook.
          ingress: [
            fromAnywhere(10080, 10443, 9443),
            fromPeers([inNamespace(args.monitoringNamespace)], 19001, 8081),
          ],
          // Proxies send requests to any routed Service, and traces to the collector.
          egress: [toApiServer(), toEveryPod()],
        },
      },
      { parent: this },
    );
  }

  private install(args: GatewayArguments, namespace: Namespace): k8s.helm.v3.Release {
    const replicas = args.production ? 2 : 1;
    return installChart(
      this.child("envoy"),
      {
        version: CHARTS.envoyGateway,
        releaseName: "envoy-gateway",
        namespace: namespace.namespace,
        values: {
          // Installs missing CRDs and leaves those alone that the cloud manages, above all the
          // Gateway API; its upgrade guard would prevent the cloud from managing it.
          crds: { enabled: true, gatewayAPI: { safeUpgradePolicy: { enabled: false } } },
          deployment: { replicas },
          podDisruptionBudget: replicas > 1 ? { minAvailable: 1 } : { minAvailable: 0 },
        },
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
  }
}

export interface SystemEdgeArguments {
  readonly system: string;
  readonly environment: EnvironmentName;
  readonly namespace: string;
  readonly gateway: Gateway;
  readonly edge: Edge;
  readonly hosts: readonly EdgeHost[];
  /** The host by which this environment says that it is promoted; undefined if it says nothing. */
  readonly promoted: string | undefined;
  /** Must outlive the routes, or a destroy leaves their records behind. */
  readonly recordWriters: readonly pulumi.Resource[];
  /** What must succeed before requests are routed; load balancer and certificate do not wait. */
  readonly routedAfter: readonly pulumi.Resource[];
}

/** One system's gateway: listeners, redirect, routes and limits, in the system's own namespace. */
export class SystemEdge extends Component {
  readonly hosts: readonly string[];
  /** The Gateway that serves the certificates' challenges. */
  readonly gatewayName: string;
  readonly gatewayObject: k8s.apiextensions.CustomResource;
  /** The routes, which come last. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: SystemEdgeArguments, options: ComponentOptions) {
    super("platform:SystemEdge", name, { namespace: args.namespace }, options);
    const { gateway, edge, namespace } = args;
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace,
      labels: commonLabels(args.system, "edge"),
    });
    this.hosts = args.hosts.map(({ host }) => host);
    this.gatewayName = edge.route;
    this.gatewayObject = customResource(
      this.child("gateway"),
      {
        apiVersion: GATEWAY_API,
        kind: "Gateway",
        metadata: metadata(edge.route),
        spec: {
          gatewayClassName: gateway.className,
          listeners: listeners(args.hosts, edge),
        },
      },
      this.options({ dependsOn: [...gateway.ready] }),
    );
    const below = this.options({ dependsOn: [this.gatewayObject] });
    const written = [this.gatewayObject, ...args.recordWriters];
    if (args.promoted !== undefined) {
      const { system, promoted: host } = args;
      createPromotion(this.part(), { system, namespace, gateway: edge.route, host }, written);
    }
    this.ready = edgeRoutes(edge, args.hosts).map(({ suffix, objectName, annotations, spec }) =>
      customResource(
        this.child(suffix),
        {
          apiVersion: GATEWAY_API,
          kind: "HTTPRoute",
          metadata: {
            ...metadata(objectName),
            ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
          },
          spec,
        },
        this.options({ dependsOn: [...written, ...args.routedAfter] }),
      ),
    );
    customResource(
      this.child("client-policy"),
      { ...clientPolicy(edge), metadata: metadata(edge.route) },
      below,
    );
    customResource(
      this.child("traffic-policy"),
      { ...trafficPolicy(edge), metadata: metadata(edge.route) },
      below,
    );
    this.publish();
  }
}

/**
 * One plain HTTP listener, which redirects and says whether this environment is promoted, and a TLS listener for each
 * host.
 */
function listeners(hosts: readonly EdgeHost[], edge: Edge): Record<string, unknown>[] {
  const allowedRoutes = { namespaces: { from: "Same" } };
  return [
    { name: "http", protocol: "HTTP", port: 80, allowedRoutes },
    ...hosts.map(({ host }, index) => ({
      name: index === 0 ? "https" : `https-${index}`,
      protocol: "HTTPS",
      port: 443,
      hostname: host,
      tls: {
        mode: "Terminate",
        certificateRefs: [{ kind: "Secret", name: certificateName(edge, index) }],
      },
      allowedRoutes,
    })),
  ];
}
