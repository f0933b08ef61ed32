/** Whether the ports of a Gateway's listeners are those that clients use, or something in front of it maps others to them. */
import type { CheckContext, Stack, StackResource } from "../policy";
import { finding } from "../policy";
import type { Value } from "../values";
import { inCluster, namespaceOf } from "./objects";

const CLASS = "kubernetes:gateway.networking.k8s.io:GatewayClass";
const PROXY = "kubernetes:gateway.envoyproxy.io:EnvoyProxy";

const ENVOY = "gateway.envoyproxy.io/gatewayclass-controller";
/**
 * Controllers that open a listener's own port: Envoy Gateway and Istio in the Service that they create, Google in its load
 * balancer. Others, such as Traefik, listen on ports of their own.
 * https://gateway.envoyproxy.io/docs/tasks/traffic/gateway-address/
 * https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 * https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api
 */
const OWN_PORTS = [ENVOY, "istio.io/gateway-controller", "networking.gke.io/gateway"];

export class PublicPorts {
  private readonly classes: ReadonlyMap<string, StackResource>;
  private readonly proxies: ReadonlyMap<string, StackResource>;

  constructor(stack: Stack) {
    const name = ({ props }: StackResource): string => props.get("metadata", "name").string ?? "";
    this.classes = new Map(stack.of(CLASS).map((it) => [inCluster(it, name(it)), it]));
    this.proxies = new Map(
      stack.of(PROXY).map((it) => [inCluster(it, namespaceOf(it) ?? "", name(it)), it]),
    );
  }

  /** Reports a port of a listener as wrong, or leaves it undecided where others may be mapped to it. */
  expect(gateway: StackResource, port: Value, expected: string, context: CheckContext): void {
    const doubt = this.doubtOf(gateway);
    const [what] = expected.split(": ");
    if (doubt === undefined) context.report(finding(gateway, port, expected), gateway.urn);
    else
      context.leaveUndecided(
        finding(gateway, port, `${what ?? expected}; not judged, because ${doubt}`),
        gateway.urn,
      );
  }

  private doubtOf(gateway: StackResource): string | undefined {
    const spec = gateway.props.get("spec");
    const className = spec.get("gatewayClassName");
    const own = this.classes.get(inCluster(gateway, className.string ?? ""));
    if (own === undefined) return `the GatewayClass ${className.show()} is not in the input`;
    const controller = own.props.get("spec", "controllerName");
    if (controller.string === undefined || !OWN_PORTS.includes(controller.string))
      return `Gateways of the controller ${controller.show()} may have other ports outside`;
    if (controller.string !== ENVOY) return undefined;
    const ofGateway = spec.get("infrastructure", "parametersRef");
    const parameters = ofGateway.isMissing ? own.props.get("spec", "parametersRef") : ofGateway;
    return parameters.isMissing ? undefined : this.doubtOfProxy(gateway, parameters);
  }

  /** By default Envoy Gateway creates a Service of the type LoadBalancer. */
  private doubtOfProxy(gateway: StackResource, parameters: Value): string | undefined {
    const [name, namespace] = [parameters.get("name"), parameters.get("namespace")];
    const place = namespace.string ?? namespaceOf(gateway) ?? "";
    const proxy = this.proxies.get(inCluster(gateway, place, name.string ?? ""));
    if (proxy === undefined) return `the EnvoyProxy ${name.show()} is not in the input`;
    const service = proxy.props.get("spec", "provider", "kubernetes", "envoyService");
    const isPlain = service.get("patch").isMissing && !service.isUnknown;
    const type = service.get("type");
    if (isPlain && (type.isMissing || type.string === "LoadBalancer")) return undefined;
    return `the Service of EnvoyProxy ${name.show()} may have other ports outside`;
  }
}
