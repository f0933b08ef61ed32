import { z } from "zod";
import type { Sizes } from "../clouds/profile";
import { variantAccepted } from "../placement";
import { VARIANTS, type DataKind } from "../system";
import { oneOf } from "./formats";
import { optional, perCloud } from "./key";

/**
 * The key that chooses who runs a kind of data service. The result is part of `system` in the settings.
 */
export const whoRuns = (kind: DataKind, title: string) =>
  optional({
    schema: oneOf(VARIANTS),
    doc: `Who runs ${title}: the cloud (managed), an operator in the cluster (operator), or another provider (external)`,
    otherwise: "as in the runbook",
    example: "operator",
    rules: [variantAccepted(kind)],
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
