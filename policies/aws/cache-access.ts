/** Who reaches the caches of ElastiCache, and how. */
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

/** Valkey encrypts unless it is told not to, Redis only where it is told; a secondary has its primary's. */
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
  expectNot(check, mode, "preferred", 'it must be "required": preferred accepts plain text too');
}

function authenticated(check: Check): void {
  const { props } = check.resource;
  const token = props.get("authToken");
  const users = props.get("userGroupIds");
  if (isSecondary(check) || check.context.noteUnknown(users)) return;
  // One that is not known yet is there.
  if (!token.isMissing || users.list().length > 0) return;
  check.context.report(
    finding(
      check.resource,
      users,
      "whoever reaches the port reads and writes: write it, or authToken",
    ),
  );
}

/** `+@all` on every key are the rules of an administrator. */
function isLeast({ string = "" }: Value): boolean {
  const isAll = /(^| )(\+@all|allcommands)( |$)/.test(string);
  const isEverywhere = /(^| )(~\*|allkeys)( |$)/.test(string);
  return /(^| )off( |$)/.test(string) || !(isAll && isEverywhere) || string.includes("-@");
}

const ALL = "it allows every command on every key: take away -@dangerous, or name the keys";
const EVERYBODY = "a user without a password is everybody";

const placed = (subnets: string): Rows => ({
  [subnets]: all(
    isWritten("write private subnets"),
    isNot("default", "write private subnets of our own"),
  ),
  securityGroupIds: isWritten("write a group that lets in the clients alone"),
});

export const cacheAccess: readonly Policy[] = [
  {
    ...strict,
    name: "aws-elasticache-encrypted",
    title: "Caches are encrypted, on disk and on the way",
    clause: {
      reference: "PO-03; ALL-12; CKV_AWS_29; CKV_AWS_30; ElastiCache.4; ElastiCache.5",
      url: CONTROLS,
    },
    severity: "high",
    prevents: "Sessions and passwords pass the network, and lie in snapshots, in plain text.",
    description: "Every replication group of ElastiCache encrypts at rest and demands TLS.",
    remediation:
      "Set atRestEncryptionEnabled and transitEncryptionEnabled to true, and transitEncryptionMode to required.",
    check: each([GROUP], encrypted),
  },
  {
    ...strict,
    name: "aws-elasticache-authenticated",
    title: "Caches ask who is there",
    clause: { reference: "PO-03; CKV_AWS_31; ElastiCache.6", url: CONTROLS },
    severity: "high",
    prevents: "Every pod that reaches the port reads all sessions, or deletes them.",
    description: "Caches of ElastiCache have a token or groups of users.",
    remediation: "Write authToken, from a secret, or the id of a UserGroup.",
    check: each([GROUP], authenticated),
  },
  {
    ...strict,
    name: "aws-elasticache-serverless-users",
    title: "Serverless caches ask who is there",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "high",
    prevents: "Every pod that reaches the port reads all sessions, or deletes them.",
    description: "Serverless caches of Redis and Valkey have a group of users.",
    remediation: "Write the id of a UserGroup into userGroupId.",
    check: rules(where([SERVERLESS], hasUsers), {
      userGroupId: isWritten("whoever reaches the port reads and writes: write a UserGroup's id"),
    }),
  },
  {
    ...strict,
    name: "aws-elasticache-user-authenticated",
    title: "Users of caches have a password",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "high",
    prevents: "Access lists are in place, and nobody needs to be anybody.",
    description: "Every user of ElastiCache signs in by a password or by IAM.",
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
    title: "Users of caches may do what they need",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "medium",
    enforcement: ADVICE,
    prevents: "An application can empty the cache of all others with one FLUSHALL.",
    description: "No user of a cache has every command on every key.",
    remediation: 'Write accessString like "on ~orders:* -@all +@read +@write".',
    check: rules([USER], { accessString: isThat(isLeast, ALL) }),
  },
  {
    ...strict,
    name: "aws-elasticache-placed",
    title: "Caches lie in subnets of our own",
    clause: { reference: "PO-03; CKV_AWS_323; CKV_AWS_196; ElastiCache.7", url: CONTROLS },
    severity: "high",
    themes: ["network", "caches", "aws"],
    prevents: "The cache stands in the default network, beside everything else.",
    description: "Caches of ElastiCache name their subnets and security groups.",
    remediation: "Write subnetGroupName (subnetIds of a serverless cache) and securityGroupIds.",
    check: combine(
      rules([GROUP], placed("subnetGroupName")),
      rules([SERVERLESS], placed("subnetIds")),
    ),
  },
];
