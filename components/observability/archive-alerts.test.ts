import { expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { phase5 } from "../../systems/phase-5";
import { archiveAlerts } from "./archive-alerts";

const pods = '{namespace="ns",pod=~"postgres-[0-9]+"}';
const target = { namespace: "ns", runbookUrl: "https://runbooks.example.com" };

it("a database in the cluster has two alerts, on the primary's archiving and the base backups", () => {
  const alerts = archiveAlerts(phase5, target);
  expect(alerts.map(({ alert, expr, for: lasting }) => [alert, expr, lasting])).toEqual([
    [
      "DatabaseArchivingFailed",
      `(\n  cnpg_pg_stat_archiver_last_failed_time${pods} > cnpg_pg_stat_archiver_last_archived_time${pods}\n` +
        `  or\n  time() - cnpg_pg_stat_archiver_last_archived_time${pods} > 300\n` +
        `  and on (namespace, pod) cnpg_collector_pg_wal_archive_status{namespace="ns",pod=~"postgres-[0-9]+",value="ready"} > 0\n)\n` +
        `and on (namespace, pod) cnpg_pg_replication_in_recovery${pods} == 0`,
      "10m",
    ],
    [
      "DatabaseBaseBackupOld",
      `time() - max by (namespace) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp${pods}) > 93600\n` +
        `or\nabsent(barman_cloud_cloudnative_pg_io_last_available_backup_timestamp${pods})`,
      "2h",
    ],
  ]);
  for (const { labels } of alerts) {
    expect(labels).toMatchObject({ system: "phase-5", service: "postgres", severity: "critical" });
  }
});

it("a managed database has none: its cloud watches its archive", () => {
  expect(archiveAlerts(aeneas, target)).toEqual([]);
});
