import { ComponentError } from "./component";

/** Where a name is looked for: a Service in a namespace. */
export interface AliasName {
  readonly service: string;
  readonly namespace: string;
}

export interface AliasPort {
  readonly port: number;
}

/** What a Service and a namespace may be called (RFC 1035 and RFC 1123). */
const SERVICE = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const FULL = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/;
const HOST =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** A Service's name as pods may shorten it. */
const IN_CLUSTER = /^[^.]+\.[^.]+\.svc$/;
const ADDRESS = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Namespaces of Kubernetes itself, which are not ours to guard or to write into. */
const RESERVED = /^(default|kube-.*)$/;

/** A bare name is one of the application's namespace; one with dots says its own. Pure. */
export function aliasName(
  component: string,
  alias: string,
  applicationNamespace: string,
): AliasName {
  const full = FULL.exec(alias);
  const service = full?.[1] ?? alias;
  const namespace = full?.[2] ?? applicationNamespace;
  if (!SERVICE.test(service) || !NAMESPACE.test(namespace)) {
    throw new ComponentError(
      component,
      "alias",
      `"${alias}"`,
      "a Service's name (1 to 63 lower-case letters, digits and hyphens, beginning with a letter), alone or as <service>.<namespace>.svc.cluster.local",
      "Change the alias in the system's data.",
    );
  }
  if (RESERVED.test(namespace)) {
    throw new ComponentError(
      component,
      "alias",
      `"${alias}"`,
      "in a namespace that is not Kubernetes' own",
      "Change the alias in the system's data.",
    );
  }
  return { service, namespace };
}

/** Pure. */
export function checkPorts(component: string, ports: readonly AliasPort[]): void {
  for (const { port } of ports) {
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) continue;
    throw new ComponentError(
      component,
      "ports",
      String(port),
      "whole numbers from 1 to 65535",
      "Give the port that clients connect to.",
    );
  }
  const names = ports.map(portName);
  if (new Set(names).size === names.length) return;
  throw new ComponentError(
    component,
    "ports",
    names.join(", "),
    "different from each other",
    "Say each once.",
  );
}

export const portName = ({ port }: AliasPort): string => `tcp-${String(port)}`;

/**
 * The host of `host`, of `host:port`, or the first of such a list, as Kafka's bootstrap servers are
 * given: the others are told by the first. A Service is named in full: where an ExternalName leads to
 * is looked up as it stands, without the domains that a pod would try.
 *
 * @throws ComponentError where that is no DNS name: an ExternalName made of digits is never resolved
 */
export function hostName(component: string, given: string): string {
  const [first = ""] = given.split(",");
  const host = first.trim().replace(/:\d+$/, "").replace(/\.$/, "").toLowerCase();
  if (HOST.test(host) && !ADDRESS.test(host)) {
    return IN_CLUSTER.test(host) ? `${host}.cluster.local` : host;
  }
  throw new ComponentError(
    component,
    "target",
    `"${host}"`,
    "a DNS name",
    ADDRESS.test(host) ? "Give it as an address." : "Give the host without scheme and path.",
  );
}

/** @throws ComponentError where it is no IPv4 address */
export function ipAddress(component: string, given: string): string {
  if (ADDRESS.test(given)) return given;
  throw new ComponentError(
    component,
    "target",
    `"${given}"`,
    "an IPv4 address",
    "Give a name as a host.",
  );
}
