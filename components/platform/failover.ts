/** Which environment answers for a host that production and the recovery environment share. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { System } from "../../systems/model";
import type { DnsHost } from "../dns/contract";

/** external-dns leaves a route alone whose controller is somebody else. */
export const UNPUBLISHED = { "external-dns.alpha.kubernetes.io/controller": "none" } as const;

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
  settings: Pick<Settings, "system" | "environment" | "domain" | "failover">,
  dns: DnsHost | undefined,
  options: pulumi.CustomResourceOptions,
): Annotations {
  const { system, environment, domain, failover } = settings;
  switch (failover) {
    case "active":
      return {};
    case "standby":
      return UNPUBLISHED;
    case "automatic": {
      if (dns?.failover === undefined || system.failover === undefined) return {};
      const { primaryHost, path } = system.failover;
      return dns.failover(
        name,
        environment === "dr"
          ? { role: "secondary" }
          : { role: "primary", host: primaryHost.replaceAll("{domain}", domain), path },
        options,
      );
    }
  }
}
