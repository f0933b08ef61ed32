/** Conditions of the platform: backups, certificates, disks, brokers and databases. */
import type { Condition, System } from "../../systems/model";
import type { Duration } from "../../systems/units";
import { EXPORTED } from "../kit/conventions";
import { selector, type Matcher } from "./promql";

/** The backups of a store that a CronJob makes; the provider makes the others. */
export const backupJobs = (system: System, of: string): readonly string[] =>
  system.backups
    .filter((backup) => backup.of === of && backup.schedule !== undefined)
    .map(({ name, job }) => job ?? name);

/**
 * Time since the last success; since its creation for a job that never succeeded. Fires immediately
 * for a job that does not exist.
 */
export function backupAge(
  system: System,
  condition: Extract<Condition, { kind: "backupAge" }>,
  namespace: string,
): string {
  return backupJobs(system, condition.of)
    .map((cronjob) => {
      const job = selector({ namespace, cronjob });
      const labels = "max by (namespace, cronjob)";
      const above = `> ${String(condition.above.seconds)}`;
      const created = `${labels} (${EXPORTED.cronJobCreated}${job})`;
      const succeeded = `${labels} (${EXPORTED.cronJobSuccess}${job})`;
      return [
        `time() - ${succeeded} ${above}`,
        `(time() - (${created} unless ${succeeded})) ${above}`,
        `absent(${EXPORTED.cronJobCreated}${job}) ${exceptWithoutKubernetes(namespace)}`,
      ].join("\nor\n");
    })
    .join("\nor\n");
}

/**
 * The gateway has one for each host, numbered from the second on; the first one has the name alone.
 */
const certificatesOf = ({ edge }: System): Matcher =>
  edge.hosts.length === 1
    ? edge.certificate.name
    : { matches: `${edge.certificate.name}(-[0-9]+)?` };

/**
 * By the certificates' names, whatever their namespace. One that was never issued has the expiry 0: it does
 * not end soon, and in a recovery environment it waits for the switch.
 */
export const certificateExpiry = (system: System, within: Duration): string =>
  `min by (namespace, name) (${EXPORTED.certificateExpiry}${selector({ name: certificatesOf(system) })} > 0)` +
  ` - time() < ${String(within.seconds)}`;

/**
 * Appended to `absent(…)` of an object in the cluster: while nothing is known of any Deployment, the exporter
 * is gone and not the object, and `MetricsMissing` says so.
 */
export const exceptWithoutKubernetes = (namespace: string): string =>
  `unless on () absent(${EXPORTED.specReplicas}${selector({ namespace })})`;

/** Pseudo file systems without data. */
const PSEUDO = 'fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660"';

/** Of nodes, and of the volumes that this environment's pods claim. */
export function disk(above: number, namespace: string): string {
  const node = selector({}, PSEUDO, 'mountpoint!~"/boot.*"');
  const volumes = selector({ namespace });
  return [
    `1 - ${EXPORTED.nodeDiskFree}${node} / ${EXPORTED.nodeDiskSize}${node} > ${String(above)}`,
    `${EXPORTED.volumeUsed}${volumes} / ${EXPORTED.volumeSize}${volumes} > ${String(above)}`,
  ].join("\nor\n");
}
