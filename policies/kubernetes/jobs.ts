/** Jobs and CronJobs: schedules, deadlines and history. */
import { isCron } from "../../lib/cron";
import type { Check } from "../expect";
import { each, expectThat, expectAbsent, expectAtLeast, expectOneOf } from "../expect";
import { WEIGHED } from "../in-manifests";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, ANYWHERE, typeKey } from "../policy";
import type { Value } from "../values";
import { podOf } from "./objects";

const JOB = "kubernetes:batch:Job";
const CRON_JOB = "kubernetes:batch:CronJob";
const BOTH = [JOB, CRON_JOB] as const;
const MOST_RETRIES = 10;
const RETRIES_BY_DEFAULT = 6;
/** The controller checks every ten seconds: a Job with a shorter deadline may never start. */
const LEAST_START = 10;

const isCronJob = ({ resource }: Check): boolean => typeKey(resource.type) === CRON_JOB;

/** The spec of the Job that a resource is or creates. */
function jobOf(check: Check): Value {
  const spec = check.resource.props.get("spec");
  return isCronJob(check) ? spec.get("jobTemplate", "spec") : spec;
}

function bounded(check: Check): void {
  const job = jobOf(check);
  const deadline = job.get("activeDeadlineSeconds");
  expectAtLeast(check, deadline, 1, "set the seconds after which the Job fails");
  const most = check.context.setting("retries", MOST_RETRIES);
  const isRight = ({ isMissing, number = Infinity }: Value): boolean =>
    (isMissing ? RETRIES_BY_DEFAULT : number) <= most;
  expectThat(check, job.get("backoffLimit"), isRight, `it must be ${String(most)} or less`);
}

function restartPolicy(check: Check): void {
  const value = podOf(check.resource).spec.get("restartPolicy");
  // The pod default, Always, is not allowed in a Job.
  expectOneOf(check, value, ["Never", "OnFailure"]);
}

function leftovers(check: Check): void {
  const job = jobOf(check);
  const ttl = job.get("ttlSecondsAfterFinished");
  if (isCronJob(check)) {
    expectAbsent(
      check,
      ttl,
      "the history limits of the CronJob already set what is kept: remove it",
    );
    const failed = check.resource.props.get("spec", "failedJobsHistoryLimit");
    const expected = "the last failed Job must be kept: set it to 1 or more";
    expectThat(check, failed, ({ isMissing, number = 0 }) => isMissing || number >= 1, expected);
  } else if (check.context.setting("ttl", false)) {
    expectAtLeast(check, ttl, 0, "set how many seconds a finished Job is kept");
  }
}

/** Whether it is a time zone name; `Local` is whatever the control plane uses. */
function isZone(name: string): boolean {
  try {
    return name !== "" && new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

const EXPECTED_ZONE = 'use the name of a time zone, such as "Etc/UTC"';

function schedule(check: Check): void {
  const spec = check.resource.props.get("spec");
  const isTime = ({ string = "" }: Value): boolean => isCron(string);
  expectThat(check, spec.get("schedule"), isTime, 'use five fields, such as "17 3 * * *"');
  const zone = ({ isMissing, string = "" }: Value): boolean => isMissing || isZone(string);
  expectThat(check, spec.get("timeZone"), zone, EXPECTED_ZONE);
}

function timeZone(check: Check): void {
  const value = check.resource.props.get("spec", "timeZone");
  expectThat(check, value, ({ isMissing }) => !isMissing, EXPECTED_ZONE);
}

const JOBS = "https://kubernetes.io/docs/concepts/workloads/controllers/job/";
const CRON_JOBS = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/";
const common = { themes: ["jobs"], enforcement: STRICT_IN_PRODUCTION } as const;

export const jobs: readonly Policy[] = [
  {
    ...common,
    name: "job-bounded",
    title: "Jobs have a deadline and a retry limit",
    clause: { reference: "PO-01", url: `${JOBS}#job-termination-and-cleanup` },
    severity: "medium",
    prevents:
      "A Job that hangs keeps its resources, its locks and its place in the schedule indefinitely.",
    description: "Every Job has an overall deadline, and a bounded number of retries.",
    remediation:
      "Set activeDeadlineSeconds in the spec of the Job, next to its template, and backoffLimit to a small number.",
    inManifests: WEIGHED,
    configuration: {
      properties: {
        retries: {
          type: "integer",
          minimum: 0,
          default: MOST_RETRIES,
          description: "Maximum backoffLimit",
        },
      },
    },
    check: each(BOTH, bounded),
  },
  {
    ...common,
    name: "job-restart-policy",
    title: "Jobs set a restart policy",
    clause: { reference: "PO-01; kube-score cronjob-restartpolicy", url: `${JOBS}#pod-template` },
    severity: "medium",
    prevents: "The API server rejects the Job, or every Job that the CronJob creates.",
    description: "The pods of Jobs set restartPolicy to Never or OnFailure.",
    remediation:
      "Set restartPolicy in the spec of the template: Never keeps the logs of each attempt, OnFailure keeps the pod.",
    themes: ["jobs", "api"],
    enforcement: ANYWHERE,
    check: each(BOTH, restartPolicy),
  },
  {
    ...common,
    name: "job-history",
    title: "Failed Jobs are kept for inspection",
    clause: {
      reference: "PO-01; kube-linter job-ttl-seconds-after-finished",
      url: `${JOBS}#clean-up-finished-jobs-automatically`,
    },
    severity: "low",
    prevents: "A Job that failed at night is gone in the morning, or finished pods pile up.",
    description:
      "A CronJob keeps at least one failed Job, and leaves the cleanup of its Jobs to its history limits; a standalone Job needs ttlSecondsAfterFinished only if the option ttl is set.",
    remediation:
      "Set failedJobsHistoryLimit of the CronJob to 1 or more, and remove ttlSecondsAfterFinished from its jobTemplate.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        ttl: {
          type: "boolean",
          default: false,
          description:
            "Whether a standalone Job needs ttlSecondsAfterFinished; a program that declares the Job creates it again once it is gone",
        },
      },
    },
    check: each(BOTH, leftovers),
  },
  {
    ...common,
    name: "cron-job-overlap",
    title: "CronJobs set a concurrency policy",
    clause: { reference: "PO-01", url: `${CRON_JOBS}#concurrency-policy` },
    severity: "medium",
    prevents: "A backup that takes longer than usual runs alongside the next one, and both fail.",
    description: "Every CronJob sets what happens if the previous Job is still running.",
    remediation:
      "Set spec.concurrencyPolicy to Forbid, to Replace, or to Allow if the Jobs may run side by side.",
    inManifests: WEIGHED,
    check: each([CRON_JOB], (check) => {
      const value = check.resource.props.get("spec", "concurrencyPolicy");
      expectOneOf(
        check,
        value,
        ["Forbid", "Replace", "Allow"],
        "set it to Forbid, Replace or Allow",
      );
    }),
  },
  {
    ...common,
    name: "cron-job-deadline",
    title: "CronJobs set a starting deadline",
    clause: {
      reference: "PO-01; kube-score cronjob-has-deadline",
      url: `${CRON_JOBS}#starting-deadline`,
    },
    severity: "low",
    prevents:
      "After an outage, overdue Jobs start at noon, or a CronJob that missed a hundred runs never starts again.",
    description: `Every CronJob sets how late a Job may start, ${String(LEAST_START)} seconds or more.`,
    remediation: "Set spec.startingDeadlineSeconds, such as 300.",
    inManifests: WEIGHED,
    check: each([CRON_JOB], (check) => {
      const value = check.resource.props.get("spec", "startingDeadlineSeconds");
      expectAtLeast(check, value, LEAST_START);
    }),
  },
  {
    ...common,
    name: "cron-job-schedule",
    title: "CronJob schedules are valid",
    clause: { reference: "PO-01", url: `${CRON_JOBS}#schedule-syntax` },
    severity: "medium",
    prevents: "A backup is never taken, because the API server rejects its CronJob.",
    description: "Every CronJob has a valid schedule, and its time zone, if set, exists.",
    remediation:
      'Set spec.schedule to five fields, and spec.timeZone to a name of the tz database, such as "Etc/UTC"; TZ= in the schedule is not supported.',
    themes: ["jobs", "api"],
    enforcement: ANYWHERE,
    check: each([CRON_JOB], schedule),
  },
  {
    ...common,
    name: "cron-job-time-zone",
    title: "CronJobs set their time zone",
    clause: { reference: "PO-01", url: `${CRON_JOBS}#time-zones` },
    severity: "low",
    prevents: "A backup is taken at a different hour than the runbook says.",
    description:
      "Every CronJob sets its time zone; the default is that of the control plane, which few people know.",
    remediation: 'Set spec.timeZone to a name of the tz database, such as "Etc/UTC".',
    enforcement: ADVICE,
    check: each([CRON_JOB], timeZone),
  },
];
