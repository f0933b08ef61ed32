/** Deletion protection on Google Cloud, and backups that outlive their instance. */
import { is, isOrMissing, combine, rules, where, withRemedy } from "../rules";
import { each, expectEqual, type Check } from "../expect";
import type { Policy } from "../policy";
import { ONLY_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";

const SQL = gcp("sql", "DatabaseInstance");

/** A replica can be recreated from its primary. */
const isReplica = ({ resource }: Check): boolean =>
  !resource.props.get("masterInstanceName").isMissing;

/** What remains after an instance is deleted. */
function backupsStay(check: Check): void {
  const { props } = check.resource;
  if (isReplica(check)) return;
  const kept = props.get("settings", "retainBackupsOnDelete");
  const last = props.get("settings", "finalBackupConfig", "enabled");
  if (last.boolean === true || check.context.noteUnknown(last)) return;
  const expected = "its backups are deleted with it: set it, or finalBackupConfig.enabled, to true";
  expectEqual(check, kept, true, expected);
}

export const deletion: readonly Policy[] = [
  {
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-deletion-protected",
    title: "Google Cloud resources that hold data have deletion protection",
    clause: {
      reference: "PO-02",
      url: `${DOCS}/sql/docs/postgres/deletion-protection`,
    },
    severity: "high",
    themes: ["recovery", "gcp"],
    prevents: "A mistaken destroy, in the console or in code, deletes the data at once.",
    description:
      "In production, clusters, databases, caches and secrets have deletion protection, and buckets and zones can be deleted only when they are empty.",
    remediation:
      "Set the flag that the violation names; remove it in a separate change before an intended deletion.",
    ...withRemedy(
      combine(
        // The provider defaults to protected.
        rules([gcp("container", "Cluster"), SQL], { deletionProtection: isOrMissing(true) }),
        // The provider's flag has no effect in the console; this one is the cloud's.
        rules(
          where([SQL], (check) => !isReplica(check)),
          { "settings.deletionProtectionEnabled": is(true) },
        ),
        rules([gcp("redis", "Cluster"), gcp("memorystore", "Instance")], {
          deletionProtectionEnabled: isOrMissing(true),
        }),
        // Not protected by default.
        rules(
          [
            gcp("redis", "Instance"),
            gcp("secretmanager", "Secret"),
            gcp("secretmanager", "RegionalSecret"),
          ],
          { deletionProtection: is(true) },
        ),
        rules([gcp("filestore", "Instance")], { deletionProtectionEnabled: is(true) }),
        rules([gcp("storage", "Bucket"), gcp("dns", "ManagedZone")], {
          forceDestroy: isOrMissing(false),
        }),
      ),
    ),
  },
  {
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-sql-backups-stay",
    title: "Cloud SQL backups outlive their instance",
    clause: { reference: "PO-02", url: `${DOCS}/sql/docs/postgres/backup-recovery/backups` },
    severity: "high",
    themes: ["recovery", "databases", "gcp"],
    prevents: "The instance and all its backups are deleted in one step.",
    description: "In production, Cloud SQL backups are kept when the instance is deleted.",
    remediation:
      "Set settings.retainBackupsOnDelete, or settings.finalBackupConfig.enabled, to true.",
    check: each([SQL], backupsStay),
  },
];
