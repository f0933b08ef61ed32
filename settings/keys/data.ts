import { z } from "zod";
import { list } from "../../lib/words";
import type { Sizes } from "../clouds/profile";
import { unless, type Check } from "../problem";
import { servicesOf, VARIANTS, type DataKind } from "../system";
import { oneOf } from "./formats";
import { optional, perCloud } from "./key";

/**
 * A managed service needs a cloud that offers it. In the cluster, Redis is a single pod without failover.
 */
export const variantOffered =
  (kind: DataKind): Check =>
  (_, { system, profile, production }) =>
    servicesOf(system, kind).flatMap((service) => {
      const standby = "topology" in service && service.topology !== "single" && production;
      const managed = profile.managed.includes(kind);
      const can = VARIANTS.filter(
        (way) => way === "external" || (way === "managed" ? managed : !standby),
      );
      const why =
        service.runs === "managed"
          ? `${profile.title} has no managed ${kind}`
          : `Redis in the cluster is a single pod, and ${system.title} asks for a standby ` +
            `(unless its topology in systems/${system.id} is "single")`;
      return unless(
        can.includes(service.runs),
        kind,
        service.runs,
        `${list(can)} for ${service.name}: ${why}`,
      );
    });

/**
 * The key that chooses who runs a kind of data service. The result is part of `system` in the settings.
 */
export const whoRuns = (kind: DataKind, title: string, rules: readonly Check[] = []) =>
  optional({
    schema: oneOf(VARIANTS),
    doc: `Who runs ${title}: the cloud (managed), an operator in the cluster (operator), or another provider (external)`,
    otherwise: "as in the runbook",
    example: "operator",
    rules: [variantOffered(kind), ...rules],
  });

/** A size by the cloud's own name, which the cloud's rules check. */
export const sizeOf = (key: keyof Sizes, what: string, note: string, example: string) =>
  perCloud({
    schema: z.string(),
    fallback: ({ sizes }) => sizes[key],
    doc: `${what}, by the cloud's own name`,
    note,
    example,
  });
