/** Consumer groups that autoscalers measure are among those whose lag the exporter of Kafka exports. */
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { lagsOf } from "./kafka-scalers";
import { containersOf, podOf } from "./objects";
import { HOLDERS } from "./pods";

/** https://github.com/danielqsj/kafka_exporter#flags: a regular expression, by default `.*`. */
const FLAG = "--group.filter=";

interface Filter {
  readonly exporter: StackResource;
  readonly pattern: string;
}

const filtersOf = (stack: Stack): readonly Filter[] =>
  stack.of(...HOLDERS).flatMap((exporter) =>
    containersOf(podOf(exporter))
      .flatMap(({ value }) => value.get("args").list())
      .flatMap(({ string = "" }) =>
        string.startsWith(FLAG) ? [{ exporter, pattern: string.slice(FLAG.length) }] : [],
      ),
  );

/** Without repetition no text takes long to compare. */
const SIMPLE = /^[\w.|()^$\\-]*$/;

/** Whether the pattern has the group; undefined for one that is not evaluated. */
function has(pattern: string, group: string): boolean | undefined {
  if (/^\^?\.[*+]\$?$/.test(pattern)) return true;
  if (!SIMPLE.test(pattern)) return undefined;
  try {
    return new RegExp(pattern).test(group);
  } catch {
    return undefined;
  }
}

function everyGroupIsExported(stack: Stack, context: CheckContext): void {
  const filters = filtersOf(stack);
  const [first] = filters;
  if (first === undefined) return;
  for (const { scaler, group } of lagsOf(stack, context)) {
    if (context.noteUnknown(group, scaler.urn)) continue;
    const found = filters.map(({ pattern }) => has(pattern, group.string ?? ""));
    if (group.string === undefined || found.includes(true)) continue;
    report(scaler, group, filters, found.includes(undefined), context);
  }
}

function report(
  scaler: StackResource,
  group: Value,
  filters: readonly Filter[],
  isOpen: boolean,
  context: CheckContext,
): void {
  const known = filters.map(({ exporter, pattern }) => `${nameOf(exporter)} ${pattern}`).join(", ");
  const what = `the exporters of lag export only the groups of ${known}`;
  if (isOpen) {
    const expected = `${what}; not judged, because such a pattern is not evaluated here`;
    context.leaveUndecided(finding(scaler, group, expected), scaler.urn);
  } else {
    const expected = `${what}: correct the group, or add it to the exporter's filter`;
    context.report(finding(scaler, group, expected), scaler.urn);
  }
}

export const kafkaWatched: Policy = {
  name: "kafka-scaler-watched",
  title: "Lag that scales a service is monitored too",
  clause: { reference: "PO-02", url: "https://github.com/danielqsj/kafka_exporter#flags" },
  severity: "low",
  themes: ["messaging", "observability"],
  prevents:
    "A service is scaled by the lag of a group that nobody reads with, or whose lag raises no alert.",
  description:
    "Where exporters of Kafka's metrics limit the consumer groups, the group of every KEDA trigger is among them.",
  remediation:
    "Correct consumerGroup of the trigger, or add the group to --group.filter of the exporter.",
  enforcement: ADVICE,
  check: { kind: "stack", run: everyGroupIsExported },
};
