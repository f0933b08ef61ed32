import { z } from "zod";
import { list } from "../../lib/words";
import type { Sizes } from "../clouds/profile";
import { unless, type Check } from "../problem";
import { servicesOf, VARIANTS, type DataKind } from "../system";
import { oneOf } from "./formats";
import { optional, perCloud } from "./key";

/**
 * A managed service is the cloud's own: where it has none, somebody else must run it. In a cluster
 * Redis is one pod, and nothing takes over while that pod is away.
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
          ? `${profile.title} runs no ${kind} itself`
          : `Redis in the cluster is a single pod, and ${system.title} asks for a standby ` +
            `(unless its topology in systems/${system.id} is "single")`;
      return unless(
        can.includes(service.runs),
        kind,
        service.runs,
        `${list(can)} for ${service.name}: ${why}`,
      );
    });

/** The key that chooses who runs a kind of data service; `system` in the settings shows the outcome. */
export const whoRuns = (kind: DataKind, title: string) =>
  optional({
    schema: oneOf(VARIANTS),
    doc: `Who runs ${title}: the cloud (managed), an operator in the cluster, or somebody else (external)`,
    otherwise: "the runbook's way",
    example: "operator",
    rules: [variantOffered(kind)],
  });

/** A size in the words of the cloud, whose own rules read it. */
export const sizeOf = (key: keyof Sizes, what: string, note: string, example: string) =>
  perCloud({
    schema: z.string(),
    fallback: ({ sizes }) => sizes[key],
    doc: `${what}, in the cloud's words`,
    note,
    example,
  });
