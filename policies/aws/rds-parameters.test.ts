import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { messages, type Fixture } from "../testing";

const parameters = (
  family: string,
  name: string,
  value: string,
  type = "ParameterGroup",
): Fixture => ({
  type: `aws:rds/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  name: "settings",
  props: {
    family,
    parameters: [
      { name: "x", value: "1" },
      { name, value },
    ],
  },
});

testPolicy("aws-rds-tls-forced", {
  happy: () => [
    parameters("postgres14", "rds.force_ssl", "1"),
    parameters("mysql8.4", "require_secure_transport", "ON", "ClusterParameterGroup"),
    parameters("oracle-ee-19", "y", "2"),
  ],
  broken: [
    {
      at: ["parameters", 1, "value"],
      to: "0",
      says: 'ParameterGroup "settings": parameters[1].value is "0"; rds.force_ssl must be 1.',
    },
    { at: ["parameters", 1, "value"], to: 1, says: [] },
    {
      at: ["parameters", 1, "value"],
      to: 11,
      says: 'ParameterGroup "settings": parameters[1].value is 11; rds.force_ssl must be 1.',
    },
    {
      at: ["parameters"],
      says: 'ParameterGroup "settings": parameters is missing; set rds.force_ssl to 1.',
    },
    {
      at: ["parameters"],
      of: 1,
      to: [],
      says: 'ClusterParameterGroup "settings": parameters is []; set require_secure_transport to 1.',
    },
  ],
  unknown: [
    ["family"],
    ["parameters"],
    ["parameters", 1, "name"],
    [1, "parameters", 1],
    ["parameters", 1, "value"],
  ],
});

it.each([
  ["postgres15", []],
  ["postgres14", [""]],
  ["aurora-postgresql17", []],
  ["aurora-postgresql16", [""]],
  ["mariadb11.4", [""]],
  ["mysql8.0", [""]],
] as const)("aws-rds-tls-forced knows the default of %s", async (family, says) => {
  const fixture = broken(parameters(family, "y", "2"), ["parameters"], []);
  expect(await messages("aws-rds-tls-forced", [fixture])).toHaveLength(says.length);
});

testPolicy("aws-rds-queries-logged", {
  happy: () => [
    parameters("postgres15", "log_min_duration_statement", "300"),
    parameters("aurora-postgresql16", "pgaudit.log", "ddl", "ClusterParameterGroup"),
    parameters("mysql8.4", "y", "1"),
  ],
  broken: [
    {
      at: ["parameters", 1, "name"],
      to: "log_lock_waits",
      says: 'ParameterGroup "settings": parameters is [{"name":"x","value":"1"},{"name":"log_lock_waits","value":"300"}]; set log_min_duration_statement, in ms.',
    },
    { at: ["parameters", 1, "name"], to: "log_statement", says: [] },
  ],
  unknown: [["family"], ["parameters"], ["parameters", 1, "name"]],
});
