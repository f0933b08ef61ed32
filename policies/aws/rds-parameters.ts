/** Parameter groups of RDS and Aurora. */
import { each, expectThat, lacks, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";
import { aws } from "../tokens";

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["databases", "aws"] } as const;

const FAMILY = /^(aurora-)?(postgresql|postgres|mysql|mariadb)(\d+)/;

/** Whether the engine requires TLS by default: PostgreSQL from 15, Aurora PostgreSQL from 17. */
function demandsTls([, aurora, engine = "", major = ""]: RegExpExecArray): boolean {
  return engine.startsWith("postgres") && Number(major) >= (aurora === undefined ? 15 : 17);
}

function tlsForced(check: Check): void {
  const { props } = check.resource;
  const family = props.get("family");
  const parameters = props.get("parameters");
  if (check.context.noteUnknown(family) || check.context.noteUnknown(parameters)) return;
  const match = FAMILY.exec(family.string ?? "");
  if (match === null) return;
  const name =
    family.string?.includes("postgres") === true ? "rds.force_ssl" : "require_secure_transport";
  const parameter = parameters.list().find((it) => it.get("name").string === name);
  if (parameter === undefined) {
    const isDefault = demandsTls(match) || !lacks(check, parameters, (it) => it === name, "name");
    expectThat(check, parameters, () => isDefault, `set ${name} to 1`);
    return;
  }
  const isOn = ({ string, number }: Value): boolean =>
    number === 1 || /^(1|on)$/i.test(string ?? "");
  expectThat(check, parameter.get("value"), isOn, `${name} must be 1`);
}

/** Statement logging: all statements, or slow ones. */
function queriesLogged(check: Check): void {
  const { props } = check.resource;
  const family = props.get("family");
  const parameters = props.get("parameters");
  if (check.context.noteUnknown(family) || !/postgres/.test(family.string ?? "")) return;
  const isLog = (name: string): boolean =>
    /^(log_statement|log_min_duration_statement|pgaudit\.log)$/.test(name);
  const isUnset = lacks(check, parameters, isLog, "name");
  expectThat(check, parameters, () => !isUnset, "set log_min_duration_statement, in ms");
}

export const rdsParameters: readonly Policy[] = [
  {
    ...strict,
    name: "aws-rds-tls-forced",
    title: "Databases require TLS",
    clause: { reference: "PO-03; CKV2_AWS_69; RDS.38; RDS.39", url: CONTROLS },
    severity: "high",
    themes: ["tls", "databases", "aws"],
    prevents: "A client without TLS sends passwords and data in plain text.",
    description: "PostgreSQL, MySQL and MariaDB parameter groups require TLS from every client.",
    remediation: "Set the parameter rds.force_ssl or require_secure_transport to 1.",
    check: each(
      ["ParameterGroup", "ClusterParameterGroup"].map((it) => aws("rds", it)),
      tlsForced,
    ),
  },
  {
    ...strict,
    name: "aws-rds-queries-logged",
    title: "Databases log slow queries",
    clause: { reference: "PO-04; CKV2_AWS_27; CKV2_AWS_30; RDS.35; RDS.37", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "databases", "aws"],
    prevents: "Nobody can tell which query blocked all the others.",
    description: "PostgreSQL parameter groups log statements, or at least slow ones.",
    remediation: "Set the parameter log_min_duration_statement, in milliseconds.",
    check: each(
      ["ParameterGroup", "ClusterParameterGroup"].map((it) => aws("rds", it)),
      queriesLogged,
    ),
  },
];
