/**
 * What may exist besides what the tables list. Only where all labels and names that a controller gives were checked
 * against its source does a reference to anything else count as broken; next to every other object it is not judged.
 */
import { ANY } from "../objects";
import { typeKey, type Stack, type StackResource } from "../../policy";
import { knowsAll } from "./chart-names";
import { chartsOf, isChart, isKnownChart, knowsPods } from "./charts";
import { ACCOUNT, CLAIM, CONFIG_MAP, SECRET, SERVICE, madeBy } from "./makers";
import { isRunner, runBy } from "./runners";

const GATEWAY = "kubernetes:gateway.networking.k8s.io:Gateway";
const GATEWAY_CLASS = "kubernetes:gateway.networking.k8s.io:GatewayClass";

/** Groups of operators whose pods have no other labels than those in runners.ts. */
const WHOLE: ReadonlySet<string> = new Set([
  "gateway.envoyproxy.io",
  "kafka.strimzi.io",
  "postgresql.cnpg.io",
]);

const WORKLOADS = [
  "kubernetes:apps:Deployment",
  "kubernetes:apps:StatefulSet",
  "kubernetes:apps:DaemonSet",
];

/** What a well-known chart may create under any name, unless all are known; it creates no object of another operator. */
const OF_CHARTS = [
  ACCOUNT,
  CLAIM,
  CONFIG_MAP,
  SECRET,
  SERVICE,
  ...WORKLOADS,
  "kubernetes:rbac.authorization.k8s.io:Role",
  "kubernetes:rbac.authorization.k8s.io:ClusterRole",
];

/** Type key → the kinds of what it may create under other names than those in makers.ts. */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  // Each controller names them otherwise.
  [GATEWAY]: [ACCOUNT, CONFIG_MAP, SERVICE, ...WORKLOADS],
  // Each revision has its own.
  "kubernetes:serving.knative.dev:Service": [SERVICE, ...WORKLOADS],
  "kubernetes:secrets.hashicorp.com:VaultStaticSecret": [SECRET],
  "kubernetes:secrets.hashicorp.com:VaultDynamicSecret": [SECRET],
  "kubernetes:secrets.hashicorp.com:VaultPKISecret": [SECRET],
  "kubernetes:onepassword.com:OnePasswordItem": [SECRET],
};

/** The class says whose proxies a Gateway has. */
function isOfEnvoyGateway({ props }: StackResource, stack: Stack): boolean {
  const name = props.get("spec", "gatewayClassName").string;
  return stack
    .of(GATEWAY_CLASS)
    .some(
      (one) =>
        name !== undefined &&
        one.props.get("metadata", "name").string === name &&
        one.props.get("spec", "controllerName").string?.startsWith("gateway.envoyproxy.io/") ===
          true,
    );
}

/** Whether Envoy Gateway runs proxies in its own namespace, as it does unless its chart's values say otherwise. */
const isElsewhere = (stack: Stack): boolean =>
  chartsOf(stack, "gateway-helm").some(({ props }) => {
    const deploy = ["config", "envoyGateway", "provider", "kubernetes", "deploy", "type"];
    const type = props.get("values", ...deploy);
    return !type.isUnknown && type.string !== "GatewayNamespace";
  });

/** Whether it certainly does not create what its kind may create, because of how its operator is installed. */
export const isRuledOut = (resource: StackResource, stack: Stack): boolean =>
  typeKey(resource.type) === GATEWAY && isOfEnvoyGateway(resource, stack) && isElsewhere(stack);

/** Whether all labels of the pods that it runs are known. */
function isWhole(resource: StackResource, stack: Stack): boolean {
  if (isChart(resource)) return knowsPods(resource);
  const type = typeKey(resource.type);
  if (type === GATEWAY) return isOfEnvoyGateway(resource, stack);
  return WHOLE.has(type.split(":")[1] ?? "");
}

/** Whether it may run pods with labels that are not known. */
export const mayRun = (resource: StackResource, stack: Stack): boolean =>
  runBy(resource, stack) === undefined ? madeBy(resource) === undefined : !isWhole(resource, stack);

/** The kinds of objects that it may create under names that are not known; `ANY` for all. */
export function mayMake(resource: StackResource, stack: Stack): readonly string[] {
  const type = typeKey(resource.type);
  if (isKnownChart(resource)) return OF_CHARTS.filter((kind) => !knowsAll(resource, kind));
  if (isRunner(type) && isWhole(resource, stack)) return [];
  const isKnown = !isRunner(type) && madeBy(resource) !== undefined;
  return FURTHER[type] ?? (isKnown ? [] : [ANY]);
}
