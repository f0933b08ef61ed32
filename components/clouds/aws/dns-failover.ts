import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import { PROMOTED, type FailoverRole } from "../../dns/contract";

const ANNOTATION = "external-dns.alpha.kubernetes.io";

/**
 * Failover records of one host in two regions, as annotations by which each region's external-dns writes its own half.
 * Route 53 answers by the health check alone, so it moves the name when the primary's region, and whoever could change
 * a record there, is gone.
 *
 * The check asks a name that only the primary answers: the shared name would lead it to the secondary after a
 * failover, and back. Its checkers are outside of the account; three failures, thirty seconds apart, count.
 *
 * A primary that recovers must not take the host back from a secondary whose database was promoted: it lacks the
 * writes since. So the record also needs the secondary not to say that it is promoted (AWS' "standby takes over
 * primary").
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
  if (role.role === "secondary") {
    // An unhealthy secondary would lead to the primary at once, whatever the primary's check says.
    return { ...record("SECONDARY"), [`${ANNOTATION}/aws-evaluate-target-health`]: "false" };
  }
  const check = new route53.HealthCheck(
    `${name}-primary`,
    {
      type: "CALCULATED",
      childHealthchecks: [healthy(name, role, options).id, notPromoted(name, role, options).id],
      childHealthThreshold: 2,
      tags: { Name: `${role.host} and not ${role.promotion}` },
    },
    options,
  );
  return { ...record("PRIMARY"), [`${ANNOTATION}/aws-health-check-id`]: check.id };
}

type Primary = Extract<FailoverRole, { readonly role: "primary" }>;

/** In seconds, and how many responses in a row count. */
const ASKED = { requestInterval: 30, failureThreshold: 3 };

const healthy = (name: string, { host, path }: Primary, options: pulumi.CustomResourceOptions) =>
  new route53.HealthCheck(
    `${name}-health`,
    {
      ...ASKED,
      type: "HTTPS",
      fqdn: host,
      port: 443,
      resourcePath: path,
      enableSni: true,
      tags: { Name: host },
    },
    options,
  );

/** The response is compared, because a wildcard record may lead the name to another server. */
const notPromoted = (name: string, { promotion }: Primary, options: pulumi.CustomResourceOptions) =>
  new route53.HealthCheck(
    `${name}-promotion`,
    {
      ...ASKED,
      type: "HTTP_STR_MATCH",
      fqdn: promotion,
      port: 80,
      resourcePath: "/",
      searchString: PROMOTED,
      invertHealthcheck: true,
      tags: { Name: promotion },
    },
    options,
  );
