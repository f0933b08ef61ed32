import { enforce, quoted, type Rule } from "./validation";

/** Where a name resolves: a Service in a namespace. */
export interface AliasName {
  readonly service: string;
  readonly namespace: string;
}

export interface AliasPort {
  readonly port: number;
}

/** Valid names of a Service and a namespace (RFC 1035 and RFC 1123). */
const SERVICE = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const FULL = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/;
const HOST =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** A Service's name in the short forms that pods may use. */
const IN_CLUSTER = /^[^.]+\.[^.]+\.svc$/;
const ADDRESS = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Kubernetes' own namespaces, which must not be changed. */
const RESERVED = /^(default|kube-.*)$/;

/**
 * A bare name belongs to the application's namespace; one with dots includes its namespace. Pure.
 */
export function aliasName(
  component: string,
  alias: string,
  applicationNamespace: string,
): AliasName {
  const full = FULL.exec(alias);
  const service = full?.[1] ?? alias;
  const namespace = full?.[2] ?? applicationNamespace;
  enforce(component, [
    {
      holds: SERVICE.test(service) && NAMESPACE.test(namespace),
      key: "alias",
      value: quoted(alias),
      allowed:
        "a Service's name (1 to 63 lower-case letters, digits and hyphens, beginning with a letter), alone or as <service>.<namespace>.svc.cluster.local",
      next: "Change the alias in the system's data.",
    },
    {
      holds: !RESERVED.test(namespace),
      key: "alias",
      value: quoted(alias),
      allowed: "in a namespace that does not belong to Kubernetes",
      next: "Change the alias in the system's data.",
    },
  ]);
  return { service, namespace };
}

export function portRules(ports: readonly AliasPort[]): readonly Rule[] {
  const names = ports.map(portName);
  return [
    ...ports.map(({ port }) => ({
      holds: Number.isInteger(port) && port >= 1 && port <= 65_535,
      key: "ports",
      value: String(port),
      allowed: "whole numbers from 1 to 65535",
      next: "Give the port that clients connect to.",
    })),
    {
      holds: new Set(names).size === names.length,
      key: "ports",
      value: names.join(", "),
      allowed: "different from each other",
      next: "List each one only once.",
    },
  ];
}

export const portName = ({ port }: AliasPort): string => `tcp-${String(port)}`;

/**
 * The host of `host`, of `host:port`, or of the first entry of such a list (clients get the other
 * bootstrap servers from the first one). A Service gets its full name: the target of an
 * ExternalName is resolved as written, without a pod's search domains.
 *
 * @throws ComponentError if that is not a DNS name: an ExternalName that looks like an IP address
 * is never resolved
 */
export function hostName(component: string, given: string): string {
  const [first = ""] = given.split(",");
  const host = first.trim().replace(/:\d+$/, "").replace(/\.$/, "").toLowerCase();
  enforce(component, [
    {
      holds: HOST.test(host) && !ADDRESS.test(host),
      key: "target",
      value: quoted(host),
      allowed: "a DNS name",
      next: ADDRESS.test(host)
        ? "Set it as an address instead."
        : "Set the host without scheme and path.",
    },
  ]);
  return IN_CLUSTER.test(host) ? `${host}.cluster.local` : host;
}

/** @throws ComponentError if it is not an IPv4 address */
export function ipAddress(component: string, given: string): string {
  enforce(component, [
    {
      holds: ADDRESS.test(given),
      key: "target",
      value: quoted(given),
      allowed: "an IPv4 address",
      next: "Set a name as a host instead.",
    },
  ]);
  return given;
}
