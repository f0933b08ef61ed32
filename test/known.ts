/**
 * For tests: values that a later run knows but a first preview does not. In annotations these
 * are digests; elsewhere the plan does not record which unknown values are secret.
 */
import { createHash } from "node:crypto";
import type { PlannedResource } from "../offline/plan";
import { UNKNOWN, secret, type Fixture } from "../policies/testing";

const DIGEST = createHash("sha256").update("known since the first run").digest("hex");

export function withKnownAnnotations({ type, name, inputs }: PlannedResource): Fixture {
  return { type, name, props: known(inputs, UNKNOWN) as Fixture["props"] };
}

function known(raw: unknown, unknown: string): unknown {
  if (Array.isArray(raw)) return raw.map((item) => known(item, unknown));
  if (typeof raw !== "object" || raw === null) return raw;
  if ("$unknown" in raw) return unknown;
  if ("$secret" in raw) return secret(unknown);
  const entries = Object.entries(raw).map(([key, value]) => {
    const annotations = key.toLowerCase().endsWith("annotations");
    return [key, known(value, annotations ? DIGEST : unknown)];
  });
  return Object.fromEntries(entries);
}
