/** Which environment answers for a host that production and the recovery environment share. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { System } from "../../systems/model";
import type { DnsHost } from "../dns/contract";

/** external-dns leaves a route alone whose controller is somebody else. */
export const UNPUBLISHED = { "external-dns.alpha.kubernetes.io/controller": "none" } as const;

type FailoverSettings = Pick<Settings, "system" | "environment" | "domain" | "failover">;
type Annotations = Readonly<Record<string, pulumi.Input<string>>>;

/** The hosts of both, as the system writes them. Pure. */
export function sharedHosts({ edge }: Pick<System, "edge">): readonly string[] {
  const of = (environment: "prod" | "dr") =>
    edge.hosts
      .filter((one) => one.environment === undefined || one.environment === environment)
      .map(({ host }) => host);
  const recovery = of("dr");
  return [...new Set(of("prod").filter((host) => recovery.includes(host)))];
}

/**
 * Annotations of this environment's route for a shared host. Two environments that both published one would take the
 * record from each other, and the recovery environment's database only reads.
 */
export function sharedHostAnnotations(
  name: string,
  settings: FailoverSettings,
  dns: DnsHost | undefined,
  options: pulumi.CustomResourceOptions,
): Annotations {
  const { system, environment, domain, failover } = settings;
  if (failover === "standby") return UNPUBLISHED;
  if (dns?.failover === undefined || system.failover === undefined) return {};
  const { host, primaryHost, path } = system.failover;
  const named = (one: string) => one.replaceAll("{domain}", domain);
  return dns.failover(
    name,
    environment === "dr"
      ? { role: "secondary" }
      : { role: "primary", host: named(primaryHost), path, promotion: named(promotionOf(host)) },
    options,
  );
}

/** By this name the recovery environment says that it keeps the host. */
const promotionOf = (host: string): string => `promoted.${host}`;

/**
 * The host by which this environment says that it is promoted: a recovery environment that is `active` although a
 * health check could give the host back.
 */
export function promotedHost(
  { system, environment, domain, failover }: FailoverSettings,
  dns: DnsHost | undefined,
): string | undefined {
  return environment === "dr" &&
    failover === "active" &&
    dns?.failover !== undefined &&
    system.failover !== undefined
    ? promotionOf(system.failover.host).replaceAll("{domain}", domain)
    : undefined;
}
