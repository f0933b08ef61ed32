/** The jobs that dump and restore, as a plan has them: their scripts are run as they stand there. */
import { resolve } from "node:path";
import { previewStack } from "../../offline/host";
import type { PlannedResource, PlanObject } from "../../offline/plan";
import type { StackFile } from "../../offline/stack-files";
import { withSecrets } from "../secrets";
import type { Container } from "./container";
import { listAt, objectAt, text, texts } from "./plan-values";

export interface Variable {
  readonly name: string;
  /** Undefined for what only a Secret, a ConfigMap or the cloud knows. */
  readonly value: string | undefined;
  readonly optional: boolean;
}

export interface JobContainer extends Omit<Container, "env"> {
  readonly image: string;
  readonly variables: readonly Variable[];
}

/** In the order in which the kubelet runs them: each waits for the one before. */
export interface Job {
  readonly name: string;
  readonly containers: readonly JobContainer[];
}

/** A CronJob that dumps a database, and the suspended one that restores the dump. */
export interface DumpJobs {
  readonly backup: string;
  readonly dump: Job;
  readonly restore: Job;
  /** Of the bucket: `bucket` and `prefix`. */
  readonly bucket: string;
  readonly prefix: string;
  /** A dump's name, with the placeholders of `date`. */
  readonly fileFormat: string;
}

const CRON_JOB = "kubernetes:batch/v1:CronJob";

/**
 * The resources of a stack that is planned without a policy pack.
 *
 * @throws Error with what the program says, if it cannot be planned
 */
export async function resourcesOf(
  project: string,
  stack: StackFile,
): Promise<readonly PlannedResource[]> {
  const file = withSecrets(stack);
  const preview = await previewStack({ projectDir: resolve(project), stack: file });
  if (!preview.failed) return preview.resources;
  throw new Error(preview.diagnostics.map(({ message }) => message).join("\n"));
}

/** All that dump a database by URL; `others` are CronJobs with a volume that do not. */
export function jobsOf(resources: readonly PlannedResource[]): {
  readonly dumps: readonly DumpJobs[];
  readonly others: readonly Job[];
} {
  const jobs = resources.filter(({ type }) => type === CRON_JOB).flatMap(jobOf);
  const named = new Map(jobs.map((job) => [job.name, job]));
  const dumps = jobs.flatMap((dump) => {
    const restore = named.get(`${dump.name}-restore`);
    const [destination, fileFormat] = ["DESTINATION", "FILE_FORMAT"].map((one) =>
      variable(dump, one),
    );
    if (restore === undefined || destination === undefined || fileFormat === undefined) return [];
    const [bucket = "", ...prefix] = destination.split("/");
    return [{ backup: dump.name, dump, restore, bucket, prefix: prefix.join("/"), fileFormat }];
  });
  const known = new Set(dumps.flatMap(({ dump, restore }) => [dump.name, restore.name]));
  return { dumps, others: jobs.filter(({ name }) => !known.has(name)) };
}

const variable = ({ containers }: Job, name: string): string | undefined =>
  containers.flatMap(({ variables }) => variables).find((one) => one.name === name)?.value;

/** None for a CronJob whose containers share no volume. */
function jobOf({ inputs }: PlannedResource): readonly Job[] {
  const metadata = objectAt(inputs, "metadata");
  const pod = ["spec", "jobTemplate", "spec", "template", "spec"].reduce(objectAt, inputs);
  const containers = [...listAt(pod, "initContainers"), ...listAt(pod, "containers")];
  const [volume] = listAt(pod, "volumes").flatMap(({ name }) => text(name) ?? []);
  const mounted = containers.filter((one) => listAt(one, "volumeMounts").length > 0);
  const name = text(metadata["name"]);
  if (name === undefined || volume === undefined || mounted.length === 0) return [];
  return [{ name, containers: containers.map(containerOf) }];
}

function containerOf(container: PlanObject): JobContainer {
  const words = (key: string): readonly string[] => texts(container[key]);
  const [mount = {}] = listAt(container, "volumeMounts");
  return {
    name: text(container["name"]) ?? "",
    image: text(container["image"]) ?? "",
    command: [...words("command"), ...words("args")],
    scratchPath: text(mount["mountPath"]) ?? "/scratch",
    variables: listAt(container, "env").map((one) => ({
      name: text(one["name"]) ?? "",
      value: text(one["value"]),
      optional: objectAt(objectAt(one, "valueFrom"), "configMapKeyRef")["optional"] === true,
    })),
  };
}

/**
 * The container with its whole environment. A value of `given` takes the place of the plan's.
 *
 * @param rclone what a container with rclone gets besides
 * @throws Error if something that the plan does not know is not given
 */
export function withValues(
  { variables, ...container }: JobContainer,
  given: Readonly<Record<string, string>>,
  rclone: Readonly<Record<string, string>>,
): Container {
  const stores = variables.some(({ name }) => name === "RCLONE_CONFIG");
  const env = variables.flatMap(({ name, value, optional }) => {
    const found = given[name] ?? value;
    if (found !== undefined) return [[name, found] as const];
    if (optional) return [];
    throw new Error(
      `Container ${container.name} reads ${name}, whose value is not in the plan and was not given: give one in rehearsal/data/stage.ts.`,
    );
  });
  return { ...container, env: { ...Object.fromEntries(env), ...(stores ? rclone : {}) } };
}
