/**
 * The rules of the API server's own validation, by the type of object that they are about. The source is
 * `pkg/apis/<group>/validation` of Kubernetes, in the version of `lib/kubernetes-types.ts`.
 */
import { AUTOSCALING } from "./autoscaling";
import { CONFIG } from "./config";
import { CONTAINERS } from "./containers";
import { EXTENSIONS } from "./extensions";
import type { Rule, Rules } from "./kit";
import { PODS } from "./pods";
import { SELECTORS } from "./selectors";
import { SERVICES } from "./services";
import { VOLUMES } from "./volumes";
import { STANDALONE_JOB, WORKLOADS } from "./workloads";

const ALL: readonly Rules[] = [
  SELECTORS,
  CONTAINERS,
  PODS,
  VOLUMES,
  SERVICES,
  WORKLOADS,
  AUTOSCALING,
  CONFIG,
  EXTENSIONS,
  { "batch.v1.Job": [STANDALONE_JOB] },
];

export const RULES: ReadonlyMap<string, readonly Rule[]> = joined(ALL);

function joined(all: readonly Rules[]): ReadonlyMap<string, readonly Rule[]> {
  const byType = new Map<string, readonly Rule[]>();
  for (const [type, rules] of all.flatMap((one) => Object.entries(one))) {
    byType.set(type, [...(byType.get(type) ?? []), ...rules]);
  }
  return byType;
}
