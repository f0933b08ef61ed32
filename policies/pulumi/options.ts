/** Options that let the program and the cloud diverge. */
import { each } from "../expect";
import type { Policy, ResourceCheck } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf, typeKey } from "../policy";

const MINUTE = 60;
/**
 * The providers' default create timeouts for slow resources, in seconds: `Timeouts.Create` in the
 * source of the bridged Terraform provider (hashicorp/terraform-provider-aws, `internal/service`;
 * hashicorp/terraform-provider-google, `google/services`;
 * digitalocean/terraform-provider-digitalocean), also in the provider's documentation.
 */
const CREATED_WITHIN: Readonly<Record<string, number>> = {
  "aws:eks/cluster:Cluster": 30 * MINUTE,
  "aws:elasticache/replicationGroup:ReplicationGroup": 60 * MINUTE,
  "aws:msk/cluster:Cluster": 120 * MINUTE,
  "aws:rds/cluster:Cluster": 120 * MINUTE,
  "aws:rds/instance:Instance": 40 * MINUTE,
  "digitalocean:index/databaseCluster:DatabaseCluster": 30 * MINUTE,
  "digitalocean:index/kubernetesCluster:KubernetesCluster": 30 * MINUTE,
  "gcp:container/cluster:Cluster": 40 * MINUTE,
  "gcp:redis/instance:Instance": 20 * MINUTE,
  "gcp:sql/databaseInstance:DatabaseInstance": 90 * MINUTE,
};

const timeouts: ResourceCheck = each(Object.keys(CREATED_WITHIN), ({ resource, context }) => {
  const own = CREATED_WITHIN[typeKey(resource.type)] ?? 0;
  const written = resource.options?.customTimeouts.createSeconds ?? 0;
  // 0 means the provider's default.
  if (written === 0 || written >= own) return;
  context.report(
    `${nameOf(resource)}: the option customTimeouts.create is ${written} s; the provider's default is ${own} s, because it may take that long.`,
  );
});

const ignored: ResourceCheck = each("every", ({ resource, context }) => {
  if (resource.options?.ignoreChanges.includes("*") !== true) return;
  context.report(
    `${nameOf(resource)}: the option ignoreChanges contains "*"; list only the properties that something else changes.`,
  );
});

/** A version 4 or 7 UUID, a date and time, or a Unix timestamp in seconds or milliseconds. */
const OF_THE_MOMENT: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i, "an identifier"],
  [/\d{4}-\d\d-\d\dT\d\d[:-]?\d\d/, "a time"],
  [/(?<![0-9a-z])1[6-9]\d{8}(\d{3})?(?![0-9a-z])/i, "a time"],
];

const names: ResourceCheck = each("every", ({ resource, context }) => {
  const found = OF_THE_MOMENT.find(([pattern]) => pattern.test(resource.name));
  if (found === undefined) return;
  context.report(
    `${nameOf(resource)}: its Pulumi name contains ${found[1]}; every run creates it again and deletes the previous one: give it a stable name.`,
  );
});

const common = { themes: ["program"], needs: "program" } as const;
const DOCS = "https://www.pulumi.com/docs/iac/concepts/resources";

export const options: readonly Policy[] = [
  {
    ...common,
    name: "pulumi-ignore-changes",
    title: "Resources do not ignore all changes",
    clause: { reference: "PO-03; ALL-11", url: `${DOCS}/options/ignorechanges/` },
    severity: "high",
    prevents: "A property is changed by hand, and no preview ever shows it.",
    description: 'No resource sets ignoreChanges to all its properties ("*").',
    remediation:
      "List in ignoreChanges only the properties that an autoscaler or the cloud changes.",
    enforcement: STRICT_IN_PRODUCTION,
    check: ignored,
  },
  {
    ...common,
    name: "pulumi-create-timeout",
    title: "Create timeouts are long enough",
    clause: { reference: "PO-02; ALL-13", url: `${DOCS}/options/customtimeouts/` },
    severity: "low",
    prevents:
      "A rebuild stops halfway, because the program gave up on a database that was nearly ready.",
    description:
      "The create timeout of a cluster, database, cache or Kafka cluster is not shorter than its provider's default.",
    remediation: "Raise customTimeouts.create to the provider's default, or leave it out.",
    enforcement: ADVICE,
    check: timeouts,
  },
  {
    ...common,
    name: "pulumi-names-stable",
    title: "Pulumi names are stable",
    clause: { reference: "PO-02; ALL-11", url: `${DOCS}/names/` },
    severity: "high",
    prevents: "Every run of the program replaces the resource, whatever it holds.",
    description: "No Pulumi name contains a time or a generated identifier.",
    remediation: "Give the resource a descriptive name; put values that change in its properties.",
    enforcement: STRICT_IN_PRODUCTION,
    check: names,
  },
];
