/** CronJobs that make backups, and those that restore them. */
import { longestGap } from "../../lib/cron";
import { podOf } from "../kubernetes/objects";
import type { CheckContext, Stack, StackResource } from "../policy";
import type { Value } from "../values";

export interface Dump {
  readonly resource: StackResource;
  readonly name: string | undefined;
  readonly schedule: Value;
  /**
   * The longest interval between two runs, in seconds; undefined if it never runs, or is unknown.
   */
  readonly gap: number | undefined;
  readonly suspended: boolean;
  /** Whether its commands dump a Postgres database. */
  readonly dumps: boolean;
  /** Whether its commands restore one. */
  readonly restores: boolean;
}

const CRON_JOB = "kubernetes:batch:CronJob";
const DUMPS = /\bpg_(dump|dumpall|basebackup)\b/;
const RESTORES = /\bpg_restore\b|\bpsql\b/;

/** Every CronJob of the stack. An unknown schedule is not reported. */
export function jobsOf(stack: Stack, context: CheckContext): readonly Dump[] {
  return stack.of(CRON_JOB).map((resource) => {
    const spec = resource.props.get("spec");
    const [schedule, suspend] = [spec.get("schedule"), spec.get("suspend")];
    context.noteUnknown(schedule, resource.urn);
    const suspended = suspend.boolean === true;
    const programs = textOf(podOf(resource).spec);
    return {
      resource,
      name: resource.props.get("metadata", "name").string,
      schedule,
      suspended,
      gap: suspended || schedule.string === undefined ? undefined : longestGap(schedule.string),
      dumps: DUMPS.test(programs),
      restores: RESTORES.test(programs) && !DUMPS.test(programs),
    };
  });
}

/** The commands of a pod's containers. */
function textOf(pod: Value): string {
  const containers = ["initContainers", "containers"].flatMap((kind) => pod.get(kind).list());
  return containers
    .flatMap((one) => [...one.get("command").list(), ...one.get("args").list()])
    .map(({ string }) => string ?? "")
    .join("\n");
}

/** The environment values of a job's containers, which name the bucket. */
export function environmentOf(resource: StackResource): readonly string[] {
  const pod = podOf(resource).spec;
  const containers = ["initContainers", "containers"].flatMap((kind) => pod.get(kind).list());
  return containers
    .flatMap((one) => one.get("env").list())
    .flatMap((variable) => variable.get("value").string ?? []);
}
