/** All scenarios, in the order in which they are played on one environment. */
import { CREATE, NOOP } from "./create";
import { DESTROY } from "./destroy";
import { INTERRUPTED } from "./interrupted";
import { CLUSTER_LOST, NAMESPACE_DELETED, STATE_LOST } from "./lost";
import { POLICY } from "./policy";
import type { Scenario } from "./scenario";

export const SCENARIOS: readonly Scenario[] = [
  POLICY,
  CREATE,
  NOOP,
  CLUSTER_LOST,
  STATE_LOST,
  NAMESPACE_DELETED,
  DESTROY,
  INTERRUPTED,
];
