/** Tests that alerts fire for a failing system and stay silent for a healthy one. */
import { describe, expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { phase5 } from "../../systems/phase-5";
import { OURS } from "../kit/conventions";
import { archiveAlerts } from "./archive-alerts";
import { consumerGroups, topicsOf } from "./conditions";
import { operatorAlerts } from "./operator-alerts";
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
    const [only] = phase5.databases;
    const two = {
      ...phase5,
      databases: [only, only && { ...only, name: "other" }].flatMap((one) => one ?? []),
    };
    const other = 'cnpg_pg_replication_in_recovery{namespace="ns",pod="other-1"}';
    const beside = [
      database("both well", { [instance(1)]: "0x40", [other]: "0x40" }, 0),
      database("one dead", { [instance(1)]: "0x40", [other]: "0x10 stale" }, 1),
    ];
    expect(simulate(systemRules(two, target), beside)).toMatch(/SUCCESS\s*$/);
  });

  it("pages for a database that does not archive, or has no recent base backup", () => {
    const archive = (
      failed: string,
      archived: string,
      backup: string,
      { standby = "0x400", waiting = "1x400", pod = "postgres-1" } = {},
    ): Scenario["series"] => {
      const of = (metric: string, more = ""): string =>
        `${metric}{namespace="ns",pod="${pod}"${more}}`;
      return {
        [of("cnpg_pg_stat_archiver_last_failed_time")]: failed,
        [of("cnpg_pg_stat_archiver_last_archived_time")]: archived,
        [of("cnpg_pg_replication_in_recovery")]: standby,
        [of("cnpg_collector_pg_wal_archive_status", ',value="ready"')]: waiting,
        [of("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp")]: backup,
      };
    };
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
    const healthy = archive("-1x400", "0+60x400", "0x400");
    const idle = { waiting: "0x400" };
    const scenarios = [
      fires("healthy", healthy, [0, 0]),
      fires("nothing to archive", archive("-1x400", "500x400", "0x400", idle), [0, 0]),
      fires("an attempt hangs", archive("-1x400", "500x400", "0x400"), [1, 0]),
      fires("the first attempt hangs", archive("-1x400", "-1x400", "0x400"), [1, 0]),
      fires("failed since the last success", archive("500x400", "400x400", "0x400", idle), [1, 0]),
      fires("succeeded since the last failure", archive("0+60x400", "1+60x400", "0x400"), [0, 0]),
      fires("never succeeded", archive("500x400", "-1x400", "0x400", idle), [1, 0]),
      fires(
        "a standby's old failure",
        archive("500x400", "400x400", "0x400", { standby: "1x400" }),
        [0, 0],
      ),
      fires("an old base backup", archive("-1x400", "0+60x400", "-100000x400"), [0, 1]),
      fires(
        "another database's failure and old base backup",
        { ...healthy, ...archive("500x400", "400x400", "-100000x400", { pod: "postgres-b-1" }) },
        [0, 0],
      ),
      fires(
        "another database's base backup",
        archive("-1x400", "0+60x400", "0x400", { pod: "b-1" }),
        [0, 1],
      ),
      fires("nobody reports", {}, [0, 1]),
    ];
    const groups = [{ name: "archive", rules: archiveAlerts(phase5, target) }];
    expect(simulate(groups, scenarios)).toMatch(/SUCCESS\s*$/);
  });

  it("tells of events that nobody consumes, and not of a topic without events", () => {
    const { name } =
      phase5.services.find((each) => consumerGroups(phase5, each.name).length > 0) ?? {};
    const [group = ""] = consumerGroups(phase5, name ?? "");
    const [topic = "", other = topic] = topicsOf(phase5, group);
    const produced = (of: string): string =>
      `kafka_topic_partition_current_offset{namespace="ns",topic="${of}",partition="0"}`;
    const lag = (of: string): string =>
      `kafka_consumergroup_lag{namespace="ns",consumergroup="${of}",topic="${topic}",partition="0"}`;
    const lost = (about: string, series: Scenario["series"], firing: number): Scenario => ({
      name: about,
      series,
      at: "2h",
      firing: { ConsumerLagMissing: firing },
    });
    const scenarios = [
      lost("nothing produced yet", { [produced(topic)]: "0x300", [produced(other)]: "0x300" }, 0),
      lost("nothing produced for hours", { [produced(topic)]: "7x300" }, 0),
      lost("produced and consumed", { [produced(topic)]: "0+1x300", [lag(group)]: "0x300" }, 0),
      lost("produced, the group gone", { [produced(topic)]: "0+1x300" }, 1),
      lost(
        "produced, the group gone later",
        { [produced(topic)]: "0+1x300", [lag(group)]: "0x100 stale" },
        1,
      ),
      lost("one event, not consumed", { [produced(topic)]: "0x180 1x120" }, 1),
      lost(
        "one event, consumed at once",
        { [produced(topic)]: "0x180 1x120", [lag(group)]: "_x190 0x110" },
        0,
      ),
      lost("another group's lag", { [produced(topic)]: "0+1x300", [lag("other")]: "0x300" }, 1),
      lost(
        "the exporter gone",
        { [produced(topic)]: "0+1x200 stale", [lag(group)]: "0x200 stale" },
        0,
      ),
    ];
    const lags = systemRules(phase5, target).map((of) => ({
      ...of,
      rules: of.rules.filter(
        (rule) =>
          "alert" in rule && rule.alert === OURS.lagMissing && rule.labels["service"] === name,
      ),
    }));
    expect(simulate(lags, scenarios)).toMatch(/SUCCESS\s*$/);
  });

  it("tells of what the platform's operators cannot do", () => {
    const errors =
      'keda_scaler_detail_errors_total{namespace="ns",scaledObject="worker",scaler="kafkaScaler"}';
    const secret = (status: string): string =>
      `externalsecret_status_condition{namespace="ns",name="app",condition="Ready",status="${status}"}`;
    const records = "external_dns_controller_last_sync_timestamp_seconds";
    const told = (
      name: string,
      series: Scenario["series"],
      [scaler, secrets, dns]: readonly [0 | 1, 0 | 1, 0 | 1],
    ): Scenario => ({
      name,
      series,
      at: "1h",
      firing: { AutoscalerFailing: scaler, ExternalSecretNotReady: secrets, DnsRecordsStale: dns },
    });
    const scenarios = [
      told(
        "all well",
        { [errors]: "3x140", [secret("False")]: "0x140", [records]: "0+30x140" },
        [0, 0, 0],
      ),
      told("one error", { [errors]: "0x100 1x40" }, [0, 0, 0]),
      told("one error after another", { [errors]: "0x60 0+1x80" }, [1, 0, 0]),
      told(
        "a secret that cannot be read",
        { [secret("False")]: "1x140", [secret("True")]: "0x140" },
        [0, 1, 0],
      ),
      told("records not written for half an hour", { [records]: "0+30x40 1200x100" }, [0, 0, 1]),
    ];
    const here = { ...target, externalSecrets: true, externalDns: true };
    const groups = [{ name: "operators", rules: operatorAlerts(phase5, here) }];
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
