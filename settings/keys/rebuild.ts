import { z } from "zod";
import type { Check } from "../problem";
import { mapOf, matching } from "./formats";
import { optional, withDefault } from "./key";
import { namesOf } from "./rules";

const incarnation = z
  .int({ error: "a whole number" })
  .min(1, { error: "at least 1" })
  .max(999, { error: "at most 999" });

const servicesOfRunbook: Check = ({ incarnations: given }, { system }) =>
  namesOf(
    "incarnations",
    given,
    [...system.databases, ...system.caches, ...system.eventBuses]
      .filter(({ runs }) => runs !== "external")
      .map(({ name }) => name),
    `data service of ${system.id} that this stack runs`,
  );

/** Names of what is built again, and of what others could take. */
export const rebuild = {
  incarnation: optional({
    schema: incarnation,
    doc: "The number of this build of the environment. From 2 on, names that may still be taken end in it: cluster, network, buckets, secrets, accounts and data services",
    note: "Raise it to build the environment again, for example after a loss of its state. See docs/recovery.md. Changing it REPLACES the environment.",
    otherwise: "1",
    example: 2,
    settle: (_, site) => site.incarnation,
  }),
  incarnations: withDefault({
    schema: mapOf(incarnation, "a map from data service to a whole number"),
    fallback: {},
    doc: "The same for single data services: a managed service's name, the archive of a database in the cluster, or the cluster name of a Kafka in the cluster",
    note: "Changing an entry REPLACES the data service; see docs/recovery.md.",
    otherwise: "incarnation",
    example: { postgres: 2 },
    rules: [servicesOfRunbook],
  }),
  namePrefix: optional({
    schema: matching(
      /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/,
      "1 to 20 lower-case letters, digits and hyphens, such as the organisation's name",
    ),
    doc: "Prefix of bucket names, which share one namespace with everyone else's",
    note: "Set it before the first up: changing it replaces the buckets. backupBucket and buckets take precedence.",
    otherwise: "on gcp, the project for the bucket of backups; otherwise none",
    example: "my-team",
  }),
};
