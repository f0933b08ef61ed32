import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import type { FailoverRole } from "../../dns/contract";

const ANNOTATION = "external-dns.alpha.kubernetes.io";

/**
 * Failover records of one host in two regions, as annotations by which each region's external-dns writes its own half.
 * Route 53 answers by the health check alone, so it moves the name when the primary's region, and whoever could change
 * a record there, is gone.
 *
 * The check asks a name that only the primary answers: the shared name would lead it to the secondary after a
 * failover, and back. Its checkers are outside of the account; three failures, thirty seconds apart, count.
 */
export function route53Failover(
  name: string,
  role: FailoverRole,
  options: pulumi.CustomResourceOptions,
): Readonly<Record<string, pulumi.Input<string>>> {
  const record = (half: string) => ({
    [`${ANNOTATION}/set-identifier`]: half.toLowerCase(),
    [`${ANNOTATION}/aws-failover`]: half,
  });
  if (role.role === "secondary") return record("SECONDARY");
  const check = new route53.HealthCheck(
    `${name}-health`,
    {
      type: "HTTPS",
      fqdn: role.host,
      port: 443,
      resourcePath: role.path,
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 3,
      tags: { Name: role.host },
    },
    options,
  );
  return { ...record("PRIMARY"), [`${ANNOTATION}/aws-health-check-id`]: check.id };
}
