/** What Google Cloud itself refuses to delete, and what it leaves behind. */
import { each, expectThat, type Check } from "../expect";
import type { Policy } from "../policy";
import { ONLY_IN_PRODUCTION } from "../policy";
import { rowsOf, type Row } from "../rows";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

const SQL = gcp("sql", "DatabaseInstance");

/** The provider takes nothing written for protected. */
const PROTECTED: Row = { at: ["deletionProtection"], is: true, orMissing: true };
const ENABLED: Row = { at: ["deletionProtectionEnabled"], is: true, orMissing: true };
const NOT_FORCED: Row = { at: ["forceDestroy"], is: false, orMissing: true };

/** A replica is made again from its primary. */
const isReplica = (props: Value): boolean => !props.get("masterInstanceName").isMissing;

/** What is left of an instance that is deleted after all. */
function backupsStay(check: Check): void {
  const { props } = check.resource;
  if (isReplica(props)) return;
  const kept = props.get("settings", "retainBackupsOnDelete");
  const last = props.get("settings", "finalBackupConfig", "enabled");
  if (last.boolean === true || check.context.noteUnknown(last)) return;
  const expected = "its backups go with it: set it, or finalBackupConfig.enabled, to true";
  expectThat(check, kept, ({ boolean }) => boolean === true, expected);
}

export const deletion: readonly Policy[] = [
  {
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-deletion-protected",
    title: "Google Cloud refuses to delete what holds data",
    clause: {
      reference: "PO-02",
      url: `${DOCS}/sql/docs/postgres/deletion-protection`,
    },
    severity: "high",
    themes: ["recovery", "gcp"],
    prevents: "A mistaken destroy, in the console or in code, takes the data at once.",
    description:
      "In production clusters, databases, caches and secrets are protected from deletion, and buckets and zones go only when they are empty.",
    remediation:
      "Set the flag that the violation names; take it off in a change of its own before a deletion that is meant.",
    ...rowsOf({
      [gcp("container", "Cluster")]: [PROTECTED],
      [SQL]: [
        PROTECTED,
        // The provider's flag does not hold in the console; this one is the cloud's.
        { at: ["settings", "deletionProtectionEnabled"], is: true, unless: isReplica },
      ],
      [gcp("redis", "Cluster")]: [ENABLED],
      [gcp("memorystore", "Instance")]: [ENABLED],
      // Not protected unless it is written.
      [gcp("redis", "Instance")]: [{ at: ["deletionProtection"], is: true }],
      [gcp("secretmanager", "Secret")]: [{ at: ["deletionProtection"], is: true }],
      [gcp("secretmanager", "RegionalSecret")]: [{ at: ["deletionProtection"], is: true }],
      [gcp("filestore", "Instance")]: [{ at: ["deletionProtectionEnabled"], is: true }],
      [gcp("storage", "Bucket")]: [NOT_FORCED],
      [gcp("dns", "ManagedZone")]: [NOT_FORCED],
    }),
  },
  {
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-sql-backups-stay",
    title: "Backups outlive their instance",
    clause: { reference: "PO-02", url: `${DOCS}/sql/docs/postgres/backup-recovery/backups` },
    severity: "high",
    themes: ["recovery", "databases", "gcp"],
    prevents: "The instance and every way back to it are deleted in one step.",
    description: "In production backups of Cloud SQL stay when the instance is deleted.",
    remediation:
      "Set settings.retainBackupsOnDelete, or settings.finalBackupConfig.enabled, to true.",
    check: each([SQL], backupsStay),
  },
];
