import type * as elasticache from "@pulumi/aws/elasticache";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { WHO, group, serverless } from "./caches-testing";

testPolicy("aws-elasticache-encrypted", {
  happy: group,
  broken: [
    ...["atRestEncryptionEnabled", "transitEncryptionEnabled"].flatMap((key) => [
      { at: [key], says: `${WHO}: ${key} is missing; it must be true.` },
      { at: [key], to: false, says: `${WHO}: ${key} is false; it must be true.` },
      { at: [key], to: "true", says: [] },
    ]),
    {
      at: ["transitEncryptionMode"],
      to: "preferred",
      says: `${WHO}: transitEncryptionMode is "preferred"; it must be "required": "preferred" also accepts plaintext.`,
    },
    { at: ["transitEncryptionMode"], says: [] },
    { at: ["globalReplicationGroupId"], to: "world", says: [] },
  ],
  unknown: [["atRestEncryptionEnabled"], ["transitEncryptionMode"]],
});

it("aws-elasticache-encrypted knows Valkey's default, and secondaries", async () => {
  const valkey = broken(broken(group(), ["engine"], "valkey"), ["atRestEncryptionEnabled"]);
  expect(await messages("aws-elasticache-encrypted", [valkey])).toEqual([]);
  for (const off of [false, "false"]) {
    const open = broken(valkey, ["atRestEncryptionEnabled"], off);
    expect(await messages("aws-elasticache-encrypted", [open])).toHaveLength(1);
  }
  const late = broken(valkey, ["engine"], UNKNOWN);
  expect(await messages("aws-elasticache-encrypted", [late])).toEqual([]);
  const bare = broken(group(), ["atRestEncryptionEnabled"]);
  const secondary = broken(bare, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-encrypted", [secondary])).toEqual([]);
});

const OPEN = "anyone who can reach the port can read and write: set it, or authToken.";
testPolicy("aws-elasticache-authenticated", {
  happy: group,
  broken: [
    { at: ["userGroupIds"], says: `${WHO}: userGroupIds is missing; ${OPEN}` },
    { at: ["userGroupIds"], to: [], says: `${WHO}: userGroupIds is []; ${OPEN}` },
  ],
  unknown: [["userGroupIds"]],
});

it("aws-elasticache-authenticated accepts a token, and a secondary", async () => {
  const bare = broken(group(), ["userGroupIds"]);
  const token = broken(bare, ["authToken"], UNKNOWN);
  const secondary = broken(bare, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-authenticated", [token, secondary])).toEqual([]);
});

testPolicy("aws-elasticache-serverless-users", {
  happy: serverless,
  broken: [
    {
      at: ["userGroupId"],
      says: 'ServerlessCache "burst": userGroupId is missing; anyone who can reach the port can read and write: set it to the ID of a UserGroup.',
    },
  ],
  unknown: [],
});

it("aws-elasticache-serverless-users does not apply to Memcached", async () => {
  const bare = broken(broken(serverless(), ["userGroupId"]), ["engine"], "memcached");
  expect(await messages("aws-elasticache-serverless-users", [bare])).toEqual([]);
  const late = broken(bare, ["engine"], UNKNOWN);
  expect(await messages("aws-elasticache-serverless-users", [late])).toEqual([]);
});

const user = (): Fixture => ({
  type: "aws:elasticache/user:User",
  name: "ann",
  props: {
    userId: "ann",
    userName: "ann",
    engine: "redis",
    accessString: "on ~orders:* +@all",
    noPasswordRequired: false,
    authenticationMode: { type: "iam" },
  } satisfies elasticache.UserArgs,
});

testPolicy("aws-elasticache-user-authenticated", {
  happy: user,
  broken: [
    {
      at: ["noPasswordRequired"],
      to: true,
      says: 'User "ann": noPasswordRequired is true; anyone can log in as a user without a password.',
    },
    {
      at: ["authenticationMode", "type"],
      to: "no-password-required",
      says: 'User "ann": authenticationMode.type is "no-password-required"; anyone can log in as a user without a password.',
    },
    { at: ["authenticationMode"], says: [] },
  ],
  unknown: [["noPasswordRequired"], ["authenticationMode"]],
});

const LEAST = "it allows every command on every key: add -@dangerous, or list the keys.";
testPolicy("aws-elasticache-user-least", {
  happy: user,
  broken: [
    {
      at: ["accessString"],
      to: "on ~* +@all",
      says: `User "ann": accessString is "on ~* +@all"; ${LEAST}`,
    },
    {
      at: ["accessString"],
      to: "on allkeys allcommands",
      says: `User "ann": accessString is "on allkeys allcommands"; ${LEAST}`,
    },
    { at: ["accessString"], to: "on ~* +@all -@dangerous", says: [] },
    { at: ["accessString"], to: "off ~* +@all", says: [] },
    { at: ["accessString"], to: "on ~* +@read", says: [] },
  ],
  unknown: [["accessString"]],
});

const SUBNETS = "set it to private subnets.";
const SECURITY = "set it to a group that admits only the clients.";
testPolicy("aws-elasticache-placed", {
  happy: () => [group(), serverless()],
  broken: [
    { at: ["subnetGroupName"], says: `${WHO}: subnetGroupName is missing; ${SUBNETS}` },
    {
      at: ["subnetGroupName"],
      to: "default",
      says: `${WHO}: subnetGroupName is "default"; use your own private subnets.`,
    },
    { at: ["securityGroupIds"], to: [], says: `${WHO}: securityGroupIds is []; ${SECURITY}` },
    { at: ["subnetIds"], of: 1, says: `ServerlessCache "burst": subnetIds is missing; ${SUBNETS}` },
  ],
  unknown: [["subnetGroupName"]],
});
