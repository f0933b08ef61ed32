import type { Fixture, Setting } from "../testing";
import { testPolicy } from "../testing/cases";
import { container } from "../testing/fixtures";
import type { Key } from "../values";

const spec = (): object => ({
  activeDeadlineSeconds: 610,
  backoffLimit: 3,
  template: { spec: { restartPolicy: "Never", containers: [container("dump")] } },
});
const job = (): Fixture => ({
  type: "kubernetes:batch/v1:Job",
  name: "dump",
  props: { metadata: { name: "dump", namespace: "shop" }, spec: spec() },
});
const cronJob = (): Fixture => ({
  type: "kubernetes:batch/v1:CronJob",
  name: "dump",
  props: {
    metadata: { name: "dump", namespace: "shop" },
    spec: {
      schedule: "17 3 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 310,
      failedJobsHistoryLimit: 2,
      jobTemplate: { spec: spec() },
    },
  },
});
const set = (policy: string, settings: object): Setting => ({
  configuration: { [policy]: { ...settings } },
});

const both: readonly (readonly [string, () => Fixture, readonly Key[], string])[] = [
  ["Job", job, ["spec"], "spec"],
  ["CronJob", cronJob, ["spec", "jobTemplate", "spec"], "spec.jobTemplate.spec"],
];

for (const [kind, happy, SPEC, at] of both) {
  const who = `${kind} "shop/dump": ${at}`;
  const ends = "set the seconds after which the Job fails.";

  testPolicy("job-bounded", {
    happy,
    broken: [
      {
        at: [...SPEC, "activeDeadlineSeconds"],
        says: `${who}.activeDeadlineSeconds is missing; ${ends}`,
      },
      {
        at: [...SPEC, "activeDeadlineSeconds"],
        to: 0,
        says: `${who}.activeDeadlineSeconds is 0; ${ends}`,
      },
      { at: [...SPEC, "activeDeadlineSeconds"], to: 1, says: [] },
      { at: [...SPEC, "backoffLimit"], to: 10, says: [] },
      {
        at: [...SPEC, "backoffLimit"],
        to: 11,
        says: `${who}.backoffLimit is 11; it must be 10 or less.`,
      },
      {
        at: [...SPEC, "backoffLimit"],
        to: "3",
        says: `${who}.backoffLimit is "3"; it must be 10 or less.`,
      },
      { at: [...SPEC, "backoffLimit"], says: [] },
      { at: [...SPEC, "backoffLimit"], setting: set("job-bounded", { retries: 6 }), says: [] },
      {
        at: [...SPEC, "backoffLimit"],
        setting: set("job-bounded", { retries: 5 }),
        says: `${who}.backoffLimit is missing; it must be 5 or less.`,
      },
    ],
    unknown: [[...SPEC, "activeDeadlineSeconds"], [...SPEC, "backoffLimit"], SPEC],
  });

  const RESTART: readonly Key[] = [...SPEC, "template", "spec", "restartPolicy"];
  const restart = (shown: string): string =>
    `${who}.template.spec.restartPolicy is ${shown}; it must be "Never" or "OnFailure".`;

  testPolicy("job-restart-policy", {
    happy,
    broken: [
      { at: RESTART, to: "OnFailure", says: [] },
      { at: RESTART, to: "Always", says: restart('"Always"') },
      { at: RESTART, says: restart("missing") },
    ],
    unknown: [RESTART, [...SPEC, "template"]],
  });
}

const TTL: readonly Key[] = ["spec", "ttlSecondsAfterFinished"];
const wantsTtl = set("job-history", { ttl: true });
const kept = "set how many seconds a finished Job is kept.";

testPolicy("job-history", {
  happy: job,
  broken: [
    { at: TTL, to: 700, says: [] },
    { at: TTL, to: 0, setting: wantsTtl, says: [] },
    {
      at: TTL,
      setting: wantsTtl,
      says: `Job "shop/dump": spec.ttlSecondsAfterFinished is missing; ${kept}`,
    },
    {
      at: TTL,
      to: -1,
      setting: wantsTtl,
      says: `Job "shop/dump": spec.ttlSecondsAfterFinished is -1; ${kept}`,
    },
  ],
  unknown: [],
});

const failed = "the last failed Job must be kept: set it to 1 or more.";
const CRON_TTL: readonly Key[] = ["spec", "jobTemplate", "spec", "ttlSecondsAfterFinished"];

testPolicy("job-history", {
  happy: cronJob,
  setting: wantsTtl,
  broken: [
    {
      at: CRON_TTL,
      to: 900,
      says: 'CronJob "shop/dump": spec.jobTemplate.spec.ttlSecondsAfterFinished is 900; the history limits of the CronJob already set what is kept: remove it.',
    },
    {
      at: ["spec", "failedJobsHistoryLimit"],
      to: 0,
      says: `CronJob "shop/dump": spec.failedJobsHistoryLimit is 0; ${failed}`,
    },
    {
      at: ["spec", "failedJobsHistoryLimit"],
      to: "2",
      says: `CronJob "shop/dump": spec.failedJobsHistoryLimit is "2"; ${failed}`,
    },
    { at: ["spec", "failedJobsHistoryLimit"], to: 1, says: [] },
    { at: ["spec", "failedJobsHistoryLimit"], says: [] },
  ],
  unknown: [CRON_TTL, ["spec", "failedJobsHistoryLimit"]],
});

const cron = (field: string, shown: string, expected: string): string =>
  `CronJob "shop/dump": spec.${field} is ${shown}; ${expected}.`;

testPolicy("cron-job-overlap", {
  happy: cronJob,
  broken: [
    { at: ["spec", "concurrencyPolicy"], to: "Replace", says: [] },
    { at: ["spec", "concurrencyPolicy"], to: "Allow", says: [] },
    {
      at: ["spec", "concurrencyPolicy"],
      says: cron("concurrencyPolicy", "missing", "set it to Forbid, Replace or Allow"),
    },
    {
      at: ["spec", "concurrencyPolicy"],
      to: "forbid",
      says: cron("concurrencyPolicy", '"forbid"', "set it to Forbid, Replace or Allow"),
    },
  ],
  unknown: [["spec", "concurrencyPolicy"]],
});

testPolicy("cron-job-deadline", {
  happy: cronJob,
  broken: [
    { at: ["spec", "startingDeadlineSeconds"], to: 10, says: [] },
    {
      at: ["spec", "startingDeadlineSeconds"],
      to: 9,
      says: cron("startingDeadlineSeconds", "9", "it must be 10 or more"),
    },
    {
      at: ["spec", "startingDeadlineSeconds"],
      says: cron("startingDeadlineSeconds", "missing", "it must be 10 or more"),
    },
  ],
  unknown: [["spec", "startingDeadlineSeconds"]],
});

const zone = 'use the name of a time zone, such as "Etc/UTC"';
const fields = 'use five fields, such as "17 3 * * *"';

testPolicy("cron-job-schedule", {
  happy: cronJob,
  broken: [
    { at: ["spec", "schedule"], to: "daily", says: cron("schedule", '"daily"', fields) },
    { at: ["spec", "schedule"], says: cron("schedule", "missing", fields) },
    { at: ["spec", "timeZone"], to: "Europe/Berlin", says: [] },
    { at: ["spec", "timeZone"], to: "Local", says: cron("timeZone", '"Local"', zone) },
    { at: ["spec", "timeZone"], to: "", says: cron("timeZone", '""', zone) },
    { at: ["spec", "timeZone"], says: [] },
  ],
  unknown: [
    ["spec", "schedule"],
    ["spec", "timeZone"],
  ],
});

testPolicy("cron-job-time-zone", {
  happy: cronJob,
  broken: [
    { at: ["spec", "timeZone"], says: cron("timeZone", "missing", zone) },
    // Unreadable schedules are left to the other policy.
    { at: ["spec", "timeZone"], to: "Local", says: [] },
  ],
  unknown: [["spec", "timeZone"]],
});
