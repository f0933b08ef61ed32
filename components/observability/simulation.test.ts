/** Tests that alerts fire for a failing system and stay silent for a healthy one. */
import { describe, expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { phase5 } from "../../systems/phase-5";
import { archiveAlerts } from "./archive-alerts";
import { promtoolIsMissing, simulate, type Scenario } from "./promtool";
import { systemRules } from "./rules";

const target = { namespace: "ns", runbookUrl: "https://runbooks.example.com" };
/** 0 on the primary, 1 on a standby. */
const instance = (number: number): string =>
  `cnpg_pg_replication_in_recovery{namespace="ns",pod="postgres-${String(number)}"}`;
const worker = 'up{namespace="ns",service="aeneas-worker",container="aeneas-worker",pod="a"}';
const second = 'up{namespace="ns",service="aeneas-worker",container="aeneas-worker",pod="b"}';
const api = 'up{namespace="ns",service="aeneas-api",container="aeneas-api",pod="api"}';

const database = (name: string, series: Scenario["series"], firing: 0 | 1): Scenario => ({
  name,
  series,
  firing: { DatabaseConnectionFailed: firing },
});
const services = (name: string, series: Scenario["series"], firing: number): Scenario => ({
  name,
  series,
  firing: { ServiceTargetDown: firing },
});

describe.skipIf(promtoolIsMissing)("a simulated system", () => {
  it("pages for a database only while it is unreachable", () => {
    const scenarios = [
      database("healthy", { [instance(1)]: "0x40", [instance(2)]: "1x40" }, 0),
      database("dead", { [instance(1)]: "0x10 stale", [instance(2)]: "1x40" }, 1),
      database("back again", { [instance(1)]: "_x10 0x30", [instance(2)]: "1x40" }, 0),
      database("gone with its exporter", { [instance(1)]: "0x10 stale" }, 1),
      database("never seen", {}, 1),
    ];
    expect(simulate(systemRules(phase5, target), scenarios)).toMatch(/SUCCESS\s*$/);
  });

  it("pages for a database that does not archive, or has no recent base backup", () => {
    const pod = (metric: string, name: string): string => `${metric}{namespace="ns",pod="${name}"}`;
    const archive = (
      failed: string,
      archived: string,
      backup: string,
      standby = "0x400",
    ): Scenario["series"] => ({
      [pod("cnpg_pg_stat_archiver_last_failed_time", "a")]: failed,
      [pod("cnpg_pg_stat_archiver_last_archived_time", "a")]: archived,
      [pod("cnpg_pg_replication_in_recovery", "a")]: standby,
      [pod("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", "a")]: backup,
    });
    const fires = (
      name: string,
      series: Scenario["series"],
      [failed, old]: readonly [0 | 1, 0 | 1],
    ): Scenario => ({
      name,
      series,
      at: "3h",
      firing: { DatabaseArchivingFailed: failed, DatabaseBaseBackupOld: old },
    });
    const scenarios = [
      fires("healthy", archive("-1x400", "0+60x400", "0x400"), [0, 0]),
      fires("failed since the last success", archive("500x400", "400x400", "0x400"), [1, 0]),
      fires("succeeded since the last failure", archive("400x400", "500x400", "0x400"), [0, 0]),
      fires("never succeeded", archive("500x400", "-1x400", "0x400"), [1, 0]),
      fires("a standby's old failure", archive("500x400", "400x400", "0x400", "1x400"), [0, 0]),
      fires("an old base backup", archive("-1x400", "0+60x400", "-100000x400"), [0, 1]),
      fires("nobody reports", {}, [0, 1]),
    ];
    const groups = [{ name: "archive", rules: archiveAlerts(phase5, target) }];
    expect(simulate(groups, scenarios)).toMatch(/SUCCESS\s*$/);
  });

  it("pages for a service only while none of its pods answers", () => {
    const scenarios = [
      services("healthy", { [worker]: "1x40", [api]: "1x40" }, 0),
      services("one pod left", { [worker]: "1x10 0x30", [second]: "1x40", [api]: "1x40" }, 0),
      services("worker down", { [worker]: "1x10 0x30", [api]: "1x40" }, 1),
      services("worker deleted", { [worker]: "1x10 stale", [api]: "1x40" }, 1),
      services("API not scraped", { [worker]: "1x40" }, 1),
    ];
    expect(simulate(systemRules(aeneas, target), scenarios)).toMatch(/SUCCESS\s*$/);
  });
});
