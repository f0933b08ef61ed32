import { describe, expect, it } from "vitest";
import { parametersOf } from "./parameters";

const methods = (
  extensions: readonly string[],
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    parametersOf({ extensions, parameters }).map(({ name, value, applyMethod }) => [
      name,
      `${value} ${applyMethod}`,
    ]),
  );

describe("the parameters of a server", () => {
  it("are the runbook's, those of the extensions, encryption and logs without values", () => {
    expect(
      methods(["pg_stat_statements", "uuid-ossp", "pgaudit"], {
        autovacuum_vacuum_scale_factor: "0.15",
        max_connections: "250",
        log_min_duration_statement: "700",
      }),
    ).toEqual({
      autovacuum_vacuum_scale_factor: "0.15 immediate",
      log_connections: "1 immediate",
      log_disconnections: "1 immediate",
      log_lock_waits: "1 immediate",
      log_min_duration_statement: "700 immediate",
      log_parameter_max_length: "0 immediate",
      log_statement: "ddl immediate",
      log_temp_files: "0 immediate",
      max_connections: "250 pending-reboot",
      "rds.force_ssl": "1 pending-reboot",
      shared_preload_libraries: "pg_stat_statements,pgaudit pending-reboot",
    });
  });

  it("settings that are read only at startup wait for a reboot", () => {
    const named = ["max_connections", "shared_buffers", "rds.logical_replication", "cron.host"];
    expect(
      parametersOf({
        extensions: ["pg_cron"],
        parameters: Object.fromEntries(named.map((name) => [name, "1"])),
      })
        .filter(({ applyMethod }) => applyMethod === "pending-reboot")
        .map(({ name }) => name),
    ).toEqual([
      "cron.host",
      "max_connections",
      "rds.force_ssl",
      "rds.logical_replication",
      "shared_buffers",
      "shared_preload_libraries",
    ]);
  });

  it("Amazon's own values keep its apply method, to avoid a permanent diff", () => {
    const factors = (analyze: string, vacuum: string) => {
      const found = methods([], {
        autovacuum_analyze_scale_factor: analyze,
        autovacuum_vacuum_scale_factor: vacuum,
      });
      return [found["autovacuum_analyze_scale_factor"], found["autovacuum_vacuum_scale_factor"]];
    };
    expect(factors("0.05", "0.1")).toEqual(["0.05 pending-reboot", "0.1 pending-reboot"]);
    expect(factors("0.1", "0.05")).toEqual(["0.1 immediate", "0.05 immediate"]);
  });

  it("leave the preloaded libraries to Amazon if no extension needs one", () => {
    expect(methods(["uuid-ossp"], {})).not.toHaveProperty("shared_preload_libraries");
  });

  it("are sorted, whatever the order of the input", () => {
    const a = { work_mem: "8192", autovacuum_naptime: "30" };
    const b = { autovacuum_naptime: "30", work_mem: "8192" };
    expect(parametersOf({ extensions: [], parameters: a })).toEqual(
      parametersOf({ extensions: [], parameters: b }),
    );
  });
});
