/** RDS and Aurora: access, encryption, supported versions and monitoring. */
import {
  each,
  elements,
  expectEqual,
  expectNot,
  expectPresent,
  expectThat,
  knows,
  lacks,
  type Check,
} from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, listSetting } from "../policy";
import { is, isAtLeast, isNot, rules, where } from "../rules";
import { aws } from "../tokens";
import {
  MYSQL_VERSIONS,
  POSTGRES_VERSIONS,
  RDS_AUTHORITIES,
  expectSupported,
  expectValidAuthority,
  versionSetting,
} from "./versions";

const INSTANCE = aws("rds", "Instance");
const CLUSTER = aws("rds", "Cluster");
const MEMBER = aws("rds", "ClusterInstance");
const SNAPSHOTS = ["Snapshot", "ClusterSnapshot", "SnapshotCopy"].map((name) => aws("rds", name));

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["databases", "aws"] } as const;

/** A replica inherits from its source what it does not set. */
const isReplica = ({ resource: { props } }: Check): boolean =>
  !props.get("replicateSourceDb").isMissing || !props.get("replicationSourceIdentifier").isMissing;
export const isSource = (check: Check): boolean => !isReplica(check);

/** Aurora Serverless v1 is always encrypted, and has neither IAM users nor Performance Insights. */
function isServerlessV1(check: Check): boolean {
  const mode = check.resource.props.get("engineMode");
  // An unknown element may be it, and is noted.
  return mode.string === "serverless" || !knows(check, mode);
}

function encrypted(check: Check): void {
  if (isServerlessV1(check)) return;
  const { props } = check.resource;
  const value = props.get("storageEncrypted");
  // A global cluster takes its settings from its source cluster, which is evaluated where it is
  // declared.
  const isDerived = isReplica(check) || !props.get("sourceDbClusterIdentifier").isMissing;
  if (isDerived && value.isMissing) return;
  expectEqual(check, value, true);
}

/** The main log of each engine family. */
const LOGS: readonly (readonly [RegExp, string])[] = [
  [/postgres/, "postgresql"],
  [/^aurora(-mysql)?$/, "audit"],
  [/mysql|mariadb/, "error"],
  [/oracle/, "audit"],
  [/sqlserver/, "error"],
];

function logged(check: Check): void {
  const { context, resource } = check;
  const engine = resource.props.get("engine");
  const logs = resource.props.get("enabledCloudwatchLogsExports");
  // A replica has its source's engine.
  if (context.noteUnknown(engine) || isServerlessV1(check)) return;
  const expected = LOGS.find(([pattern]) => pattern.test(engine.string ?? ""))?.[1];
  if (expected === undefined) expectPresent(check, logs, "list the engine's logs");
  else {
    const isUnsent = lacks(check, logs, (log) => log === expected);
    expectThat(check, logs, () => !isUnsent, `it must name "${expected}"`);
  }
}

function supported(check: Check): void {
  const engine = check.resource.props.get("engine");
  if (check.context.noteUnknown(engine)) return;
  const version = check.resource.props.get("engineVersion");
  // A cluster without a version gets the newest one at creation; a replica has its source's.
  if (version.isMissing) return;
  const name = engine.string ?? "";
  if (/postgres/.test(name)) expectSupported(check, version, "postgres", POSTGRES_VERSIONS);
  if (name === "mysql") expectSupported(check, version, "mysql", MYSQL_VERSIONS);
}

/**
 * For PostgreSQL `17.6` is exact; for the others `8.4` is not. A replica may leave its engine to
 * its source.
 */
const isExact = (engine: string, version: string): boolean =>
  (/postgres|^$/.test(engine) ? /^\d+\.\d/ : /^\d+\.\d+\.\w/).test(version);

/** An exact version is raised in the program: automatic upgrades would be reverted. */
function upgraded(check: Check): void {
  const { props, type } = check.resource;
  // For an Aurora cluster it is set on its members.
  if (type === CLUSTER) return;
  const [engine, version] = [props.get("engine"), props.get("engineVersion")];
  const upgrades = props.get("autoMinorVersionUpgrade");
  if (upgrades.boolean === false && !knows(check, engine, version)) return;
  if (isExact(engine.string ?? "", version.string ?? "")) return;
  expectNot(
    check,
    upgrades,
    false,
    "it must be true, or engineVersion must be an exact minor version",
  );
}

function authorityValid(check: Check): void {
  const { props, type } = check.resource;
  const value = props.get(type === CLUSTER ? "caCertificateIdentifier" : "caCertIdentifier");
  if (!value.isMissing) expectValidAuthority(check, value, "authorities");
}

/** A value from another resource is unknown in a preview, or marked as secret. */
function passwordKept(check: Check): void {
  const { props } = check.resource;
  const managed = props.get("manageMasterUserPassword");
  if (check.context.setting("managed", false)) {
    expectEqual(check, managed, true);
    return;
  }
  for (const key of ["password", "masterPassword"]) {
    const value = props.get(key);
    if (!value.isKnown || value.isSecret) continue;
    // The value itself must not be shown.
    check.context.report(
      `${check.resource.type.slice(check.resource.type.lastIndexOf(":") + 1)} "${check.resource.name}": ${key} is written in the program; set manageMasterUserPassword to true, or create it with RandomPassword.`,
    );
  }
}

const reached: readonly Policy[] = [
  {
    ...strict,
    name: "aws-rds-private",
    title: "RDS databases are not public",
    clause: { reference: "PO-03; CKV_AWS_17; RDS.2; CIS AWS 2.2.3", url: CONTROLS },
    severity: "critical",
    prevents: "The database's port is open to the internet, protected only by a password.",
    description: "No RDS database is publicly accessible.",
    remediation: "Set publiclyAccessible to false.",
    check: rules([INSTANCE, MEMBER], { publiclyAccessible: isNot(true, "it must be false") }),
  },
  {
    ...strict,
    name: "aws-rds-encrypted",
    title: "RDS databases are encrypted",
    clause: {
      reference: "PO-02; ALL-12; CKV_AWS_16; CKV_AWS_96; RDS.3; CIS AWS 2.2.1",
      url: CONTROLS,
    },
    severity: "high",
    prevents:
      "Anyone who obtains a snapshot can read the database, and it cannot be encrypted later.",
    description: "Every RDS database is encrypted at rest.",
    remediation:
      "Set storageEncrypted to true before the database is created; changing it later replaces the database.",
    check: each([INSTANCE, CLUSTER, aws("rds", "GlobalCluster")], encrypted),
  },
  {
    ...strict,
    name: "aws-rds-proxy-tls",
    title: "RDS proxies require TLS and do not log queries",
    clause: { reference: "PO-03", url: `${GUIDE}/rds-proxy.html` },
    severity: "high",
    themes: ["tls", "databases", "aws"],
    prevents: "Passwords and data pass through the proxy in plain text, or end up in its log.",
    description: "Every RDS Proxy requires TLS and has debug logging off.",
    remediation: "Set requireTls to true and debugLogging to false.",
    check: rules([aws("rds", "Proxy")], {
      requireTls: is(true),
      debugLogging: isNot(true, "it must be false: logged statements contain data"),
    }),
  },
  {
    ...strict,
    name: "aws-rds-password-kept",
    title: "Database passwords are not written in the program",
    clause: { reference: "PO-03; ALL-07", url: `${GUIDE}/rds-secrets-manager.html` },
    severity: "critical",
    themes: ["secrets", "databases", "aws"],
    prevents: "The master password is in the repository and in every preview.",
    description: "The RDS master password is managed by AWS, or comes from a secret.",
    remediation:
      "Set manageMasterUserPassword to true (if no read replica needs the password), or pass the result of a RandomPassword.",
    configuration: {
      properties: {
        managed: { type: "boolean", default: false, description: "Whether AWS must manage it" },
      },
    },
    check: each([INSTANCE, CLUSTER], (check) => {
      if (isSource(check)) passwordKept(check);
    }),
  },
  {
    ...strict,
    name: "aws-rds-iam-authentication",
    title: "Databases accept IAM authentication",
    clause: { reference: "PO-03; CKV_AWS_161; CKV_AWS_162; RDS.10; RDS.12", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    prevents: "People share the master password, and still know it when they leave.",
    description: "RDS for PostgreSQL, MySQL and MariaDB accepts IAM tokens.",
    remediation: "Set iamDatabaseAuthenticationEnabled to true and grant rds_iam to roles.",
    check: rules(
      where([INSTANCE, CLUSTER], (check) => {
        const engine = check.resource.props.get("engine");
        if (isServerlessV1(check) || !knows(check, engine)) return false;
        // A replica defaults to its source's.
        return engine.isMissing || /postgres|mysql|mariadb|^aurora/.test(engine.string ?? "");
      }),
      { iamDatabaseAuthenticationEnabled: is(true) },
    ),
  },
  {
    ...strict,
    name: "aws-rds-snapshot-private",
    title: "Database snapshots are not public",
    clause: { reference: "PO-03; CKV_AWS_302; RDS.1", url: CONTROLS },
    severity: "critical",
    prevents: "Anyone with an AWS account can restore the database and read it.",
    description: "No RDS snapshot is shared with all accounts.",
    remediation: 'Remove "all" from sharedAccounts.',
    check: each(SNAPSHOTS, (check) => {
      const accounts = check.resource.props.get("sharedAccounts");
      const isShared = elements(check, accounts).some(({ string }) => string === "all");
      expectThat(check, accounts, () => !isShared, 'it must not name "all"');
    }),
  },
];

const kept: readonly Policy[] = [
  {
    ...strict,
    name: "aws-rds-version-supported",
    title: "Databases run a version in standard support",
    clause: { reference: "PO-03; CKV_AWS_250; CKV_AWS_388", url: `${GUIDE}/extended-support.html` },
    severity: "high",
    prevents: "The database gets no more fixes, and its price rises every year.",
    description: "RDS for PostgreSQL and MySQL runs a major version in standard support.",
    remediation: "Set engineVersion to a supported major version, with allowMajorVersionUpgrade.",
    configuration: {
      properties: {
        postgres: versionSetting(POSTGRES_VERSIONS, "PostgreSQL"),
        mysql: versionSetting(MYSQL_VERSIONS, "MySQL"),
      },
    },
    check: each([INSTANCE, CLUSTER], supported),
  },
  {
    ...strict,
    name: "aws-rds-upgrades",
    title: "Databases get minor updates",
    clause: { reference: "PO-03; CKV_AWS_226; CKV_AWS_211; RDS.13; CIS AWS 2.2.2", url: CONTROLS },
    severity: "medium",
    prevents: "Vulnerabilities that were fixed months ago stay open, or certificates expire.",
    description:
      "RDS databases install minor versions automatically, or pin an exact one; their certificate authority is still valid.",
    remediation:
      "Leave autoMinorVersionUpgrade at true, or set an exact engineVersion such as 17.6 and raise it in the program; set caCertIdentifier to rds-ca-rsa2048-g1 or leave it out.",
    configuration: {
      properties: {
        authorities: listSetting(RDS_AUTHORITIES, "Certificate authorities that are still valid"),
      },
    },
    check: each([INSTANCE, MEMBER, CLUSTER], (check) => {
      upgraded(check);
      authorityValid(check);
    }),
  },
  {
    ...strict,
    name: "aws-rds-logs",
    title: "RDS databases export their logs",
    clause: {
      reference: "PO-03; CKV_AWS_129; CKV_AWS_324; CKV_AWS_325; RDS.9; RDS.34",
      url: CONTROLS,
    },
    severity: "medium",
    themes: ["logging", "databases", "aws"],
    prevents: "After an incident the database's log is gone with its disk.",
    description: "Every RDS database exports its engine log to CloudWatch.",
    remediation: 'Set enabledCloudwatchLogsExports, for PostgreSQL ["postgresql", "upgrade"].',
    check: each([INSTANCE, CLUSTER], logged),
  },
  {
    ...strict,
    name: "aws-rds-monitored",
    title: "RDS databases have enhanced monitoring",
    clause: { reference: "PO-04; CKV_AWS_118; CKV_AWS_353; RDS.6", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "databases", "aws"],
    prevents: "A slow database cannot be diagnosed: nobody sees what is waiting for what.",
    description: "RDS databases enable enhanced monitoring and Performance Insights.",
    remediation:
      "Set monitoringInterval to 60 with a monitoringRoleArn, and performanceInsightsEnabled to true.",
    check: rules([INSTANCE, MEMBER], {
      monitoringInterval: isAtLeast(1),
      performanceInsightsEnabled: is(true),
    }),
  },
];

export const rds: readonly Policy[] = [...reached, ...kept];
