import { expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { phase5 } from "../../systems/phase-5";
import { archiveAlerts } from "./archive-alerts";

const target = { namespace: "ns", runbookUrl: "https://runbooks.example.com" };

it("a database in the cluster has two alerts, on the primary's archiving and the base backups", () => {
  const alerts = archiveAlerts(phase5, target);
  expect(alerts.map(({ alert, expr, for: lasting }) => [alert, expr, lasting])).toEqual([
    [
      "DatabaseArchivingFailed",
      'cnpg_pg_stat_archiver_last_failed_time{namespace="ns"} > cnpg_pg_stat_archiver_last_archived_time{namespace="ns"}\n' +
        'and on (namespace, pod) cnpg_pg_replication_in_recovery{namespace="ns"} == 0',
      "10m",
    ],
    [
      "DatabaseBaseBackupOld",
      'time() - max by (namespace) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="ns"}) > 93600\n' +
        'or\nabsent(barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="ns"})',
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
