/** Access to ElastiCache caches. */
import { each, expectNot, expectThat, knows, type Check } from "../expect";
import type { Policy } from "../policy";
import type { Value } from "../values";
import { ADVICE, STRICT_IN_PRODUCTION, finding } from "../policy";
import { GROUP, SERVERLESS, hasUsers, isSecondary, isValkey } from "./caches";
import { all, isNot, isThat, isWritten, combine, rules, where, type Rows } from "../rules";
import { aws } from "../tokens";

const USER = aws("elasticache", "User");

const CONTROLS =
  "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["caches", "aws"] } as const;

/** Valkey encrypts by default, Redis does not; a secondary inherits from its primary. */
function encrypted(check: Check): void {
  const { props } = check.resource;
  if (isSecondary(check)) return;
  for (const key of ["atRestEncryptionEnabled", "transitEncryptionEnabled"]) {
    const value = props.get(key);
    const isOn = value.boolean === true || value.string === "true";
    const isDefault =
      value.isMissing && (isValkey(check.resource) || !knows(check, props.get("engine")));
    expectThat(check, value, () => isOn || isDefault, "it must be true");
  }
  const mode = props.get("transitEncryptionMode");
  expectNot(check, mode, "preferred", 'it must be "required": "preferred" also accepts plaintext');
}

function authenticated(check: Check): void {
  const { props } = check.resource;
  const token = props.get("authToken");
  const users = props.get("userGroupIds");
  if (isSecondary(check) || check.context.noteUnknown(users)) return;
  // An unknown value is set.
  if (!token.isMissing || users.list().length > 0) return;
  check.context.report(
    finding(
      check.resource,
      users,
      "anyone who can reach the port can read and write: set it, or authToken",
    ),
  );
}

/** `+@all` on every key makes the user an administrator. */
function isLeast({ string = "" }: Value): boolean {
  const isAll = /(^| )(\+@all|allcommands)( |$)/.test(string);
  const isEverywhere = /(^| )(~\*|allkeys)( |$)/.test(string);
  return /(^| )off( |$)/.test(string) || !(isAll && isEverywhere) || string.includes("-@");
}

const ALL = "it allows every command on every key: add -@dangerous, or list the keys";
const EVERYBODY = "anyone can log in as a user without a password";

const placed = (subnets: string): Rows => ({
  [subnets]: all(
    isWritten("set it to private subnets"),
    isNot("default", "use your own private subnets"),
  ),
  securityGroupIds: isWritten("set it to a group that admits only the clients"),
});

export const cacheAccess: readonly Policy[] = [
  {
    ...strict,
    name: "aws-elasticache-encrypted",
    title: "ElastiCache encrypts data at rest and in transit",
    clause: {
      reference: "PO-03; ALL-12; CKV_AWS_29; CKV_AWS_30; ElastiCache.4; ElastiCache.5",
      url: CONTROLS,
    },
    severity: "high",
    prevents:
      "Sessions and passwords cross the network, and are stored in snapshots, in plain text.",
    description: "Every ElastiCache replication group encrypts data at rest and requires TLS.",
    remediation:
      "Set atRestEncryptionEnabled and transitEncryptionEnabled to true, and transitEncryptionMode to required.",
    check: each([GROUP], encrypted),
  },
  {
    ...strict,
    name: "aws-elasticache-authenticated",
    title: "ElastiCache requires authentication",
    clause: { reference: "PO-03; CKV_AWS_31; ElastiCache.6", url: CONTROLS },
    severity: "high",
    prevents: "Any pod that can reach the port can read or delete all sessions.",
    description: "ElastiCache caches have an auth token or user groups.",
    remediation: "Set authToken from a secret, or userGroupIds to the ID of a UserGroup.",
    check: each([GROUP], authenticated),
  },
  {
    ...strict,
    name: "aws-elasticache-serverless-users",
    title: "Serverless caches require authentication",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "high",
    prevents: "Any pod that can reach the port can read or delete all sessions.",
    description: "Serverless Redis and Valkey caches have a user group.",
    remediation: "Set userGroupId to the ID of a UserGroup.",
    check: rules(where([SERVERLESS], hasUsers), {
      userGroupId: isWritten(
        "anyone who can reach the port can read and write: set it to the ID of a UserGroup",
      ),
    }),
  },
  {
    ...strict,
    name: "aws-elasticache-user-authenticated",
    title: "ElastiCache users have a password or IAM authentication",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "high",
    prevents: "Access lists are configured, but anyone can connect without credentials.",
    description: "Every ElastiCache user authenticates with a password or with IAM.",
    remediation: "Set authenticationMode.type to iam, or to password with passwords from a secret.",
    check: rules([USER], {
      noPasswordRequired: isNot(true, EVERYBODY),
      "authenticationMode.type": isThat(
        ({ string = "" }) => !string.startsWith("no-password"),
        EVERYBODY,
      ),
    }),
  },
  {
    ...strict,
    name: "aws-elasticache-user-least",
    title: "ElastiCache users have least privilege",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "medium",
    enforcement: ADVICE,
    prevents: "One application can delete every other application's data with a single FLUSHALL.",
    description: "No ElastiCache user may run every command on every key.",
    remediation: 'Set accessString to, for example, "on ~orders:* -@all +@read +@write".',
    check: rules([USER], { accessString: isThat(isLeast, ALL) }),
  },
  {
    ...strict,
    name: "aws-elasticache-placed",
    title: "Caches set their subnets and security groups",
    clause: { reference: "PO-03; CKV_AWS_323; CKV_AWS_196; ElastiCache.7", url: CONTROLS },
    severity: "high",
    themes: ["network", "caches", "aws"],
    prevents: "The cache is created in the default network, next to everything else.",
    description: "ElastiCache caches set their subnets and security groups.",
    remediation: "Set subnetGroupName (subnetIds for a serverless cache) and securityGroupIds.",
    check: combine(
      rules([GROUP], placed("subnetGroupName")),
      rules([SERVERLESS], placed("subnetIds")),
    ),
  },
];
