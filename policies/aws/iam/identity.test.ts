import type * as iam from "@pulumi/aws/iam";
import { describe, expect, it } from "vitest";
import { unknownValues } from "../../unknown-values";
import { policyNamed } from "../../catalog";
import { UNKNOWN, evaluate, messages, type Fixture } from "../../testing";
import { DANGERS } from "./dangers";

const allow = (statement: object): object => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", ...statement }],
});

const policy = (document: unknown, type = "RolePolicy"): Fixture => ({
  type: `aws:iam/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  name: "boats",
  props: {
    role: "sailor",
    policy: typeof document === "string" ? document : JSON.stringify(document),
  } satisfies iam.RolePolicyArgs,
});

const NARROW = allow({
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: ["arn:aws:s3:::boats/*"],
});
const WHO = 'RolePolicy "boats": policy.Statement[0]';

const NAMES = [
  "aws-iam-no-every-action",
  "aws-iam-no-whole-service",
  ...DANGERS.map((it) => it.name),
];

describe("identity policies", () => {
  it.each(NAMES)(
    "%s accepts a narrow policy, a denial, and a value that is not a document",
    async (name) => {
      const denial = {
        Statement: { Effect: "Deny", Action: "*", NotAction: "a:b", Resource: "*" },
      };
      for (const fixture of [NARROW, denial, "nonsense", "[]", "null", {}, { Statement: "x" }]) {
        expect(await messages(name, [policy(fixture)])).toEqual([]);
      }
      expect(await messages(name, [{ ...policy({}), props: { role: "sailor" } }])).toEqual([]);
    },
  );

  const ROLE = { inlinePolicies: [{ name: "a", policy: UNKNOWN }] };
  const part = { Effect: "Allow", Action: [UNKNOWN], Resource: "*" };
  it.each([
    ["RolePolicy", { policy: UNKNOWN }],
    ["RolePolicy", { policy: { Statement: [part] } }],
    ["RolePolicy", { policy: { Statement: UNKNOWN } }],
    ["Role", ROLE],
    ["Role", { inlinePolicies: UNKNOWN }],
  ])("count an unknown part of a %s once: %j", async (type, props) => {
    const fixture = { ...policy({}, type), props };
    const found = await evaluate([...NAMES.map(policyNamed), unknownValues], [fixture]);
    expect(found.map((it) => it.message)).toEqual([
      "1 value is unknown until the update and will be checked then: aws-iam-no-every-action (1).",
    ]);
  });

  it("evaluate the known parts", async () => {
    const fixture = (statement: object): Fixture => ({
      ...policy({}),
      props: { policy: { Statement: [UNKNOWN, { Effect: "Allow", ...statement }] } },
    });
    const reported = (statement: object): Promise<readonly string[]> =>
      messages("aws-iam-no-every-action", [fixture(statement)]);
    const expected = [
      'RolePolicy "boats": policy.Statement[1] allows every action; list those that are needed.',
    ];
    expect(await reported({ Action: ["*", UNKNOWN], Resource: UNKNOWN })).toEqual(expected);
    expect(await reported({ Action: "*", Effect: UNKNOWN })).toEqual([]);
    expect(await reported({ Action: "*", Condition: { Bool: { a: [UNKNOWN] } } })).toEqual([]);
  });
});

describe("aws-iam-no-every-action", () => {
  const reported = (statement: object, type?: string): Promise<readonly string[]> =>
    messages("aws-iam-no-every-action", [policy(allow(statement), type)]);
  const every = "allows every action; list those that are needed.";

  it("refuses every action, as a string and in a list, on any resource", async () => {
    expect(await reported({ Action: "*", Resource: "*" })).toEqual([`${WHO} ${every}`]);
    expect(await reported({ Action: ["s3:GetObject", "*:*"], Resource: "arn:x" })).toEqual([
      `${WHO} ${every}`,
    ]);
    expect(await reported({ Action: "s3:*", Resource: "*" })).toEqual([]);
  });

  it("refuses all actions with exceptions", async () => {
    expect(await reported({ NotAction: ["iam:*", "sts:*"], Resource: "*" })).toEqual([
      `${WHO} allows everything but "iam:*", "sts:*", including actions that AWS adds later; list the actions in Action.`,
    ]);
  });

  it.each(["Policy", "UserPolicy", "GroupPolicy"])("looks at a %s", async (type) => {
    expect(await reported({ Action: "*", Resource: "*" }, type)).toEqual([
      `${type} "boats": policy.Statement[0] ${every}`,
    ]);
  });

  it("looks at the policies inside a role, and at each statement", async () => {
    const role: Fixture = {
      type: "aws:iam/role:Role",
      name: "sailor",
      props: {
        assumeRolePolicy: JSON.stringify(NARROW),
        inlinePolicies: [
          { name: "a", policy: JSON.stringify(NARROW) },
          {
            name: "b",
            policy: JSON.stringify({
              Statement: [NARROW, { Effect: "Allow", Action: "*", Resource: "*" }],
            }),
          },
        ],
      } satisfies iam.RoleArgs,
    };
    expect(await messages("aws-iam-no-every-action", [role])).toEqual([
      `Role "sailor": inlinePolicies[1].policy.Statement[1] ${every}`,
    ]);
  });

  it("reads a document that is an object", async () => {
    const document = { Statement: { Effect: "Allow", Action: "*", Resource: "*", N: 1, F: true } };
    const fixture: Fixture = { ...policy({}), props: { policy: document } };
    expect(await messages("aws-iam-no-every-action", [fixture])).toEqual([`${WHO} ${every}`]);
  });
});

describe("aws-iam-no-whole-service", () => {
  const reported = (statement: object): Promise<readonly string[]> =>
    messages("aws-iam-no-whole-service", [policy(allow(statement))]);

  it("refuses all actions of a service on all resources", async () => {
    expect(await reported({ Action: ["s3:*", "sqs:*", "sns:Publish"], Resource: "*" })).toEqual([
      `${WHO} allows "s3:*", "sqs:*" on "*"; list the actions, or the resources.`,
    ]);
    expect(await reported({ Action: "s3:*", Resource: ["arn:x", "arn:aws:s3:::*"] })).toEqual([
      `${WHO} allows "s3:*" on "arn:aws:s3:::*"; list the actions, or the resources.`,
    ]);
    expect(await reported({ Action: "s3:*", NotResource: "arn:aws:s3:::keep" })).toEqual([
      `${WHO} allows "s3:*" on everything but "arn:aws:s3:::keep"; list the actions, or the resources.`,
    ]);
  });

  it("accepts a service on one resource, and some of its actions on everything", async () => {
    expect(await reported({ Action: "s3:*", Resource: "arn:aws:s3:::boats" })).toEqual([]);
    expect(await reported({ Action: "s3:List*", Resource: "*" })).toEqual([]);
  });
});

const EXAMPLES: readonly (readonly [string, string, string])[] = [
  ["aws-iam-no-escalation", "iam:PassRole", "anyone become administrator"],
  ["aws-iam-no-escalation", "iam:Attach*", "anyone become administrator"],
  ["aws-iam-no-escalation", "iam:CreatePolicyVersion", "anyone become administrator"],
  ["aws-iam-no-exfiltration", "secretsmanager:GetSecretValue", "all data be read"],
  ["aws-iam-no-credentials", "rds-db:connect", "all credentials be fetched"],
  ["aws-iam-no-exposure", "s3:PutBucketPolicy", "anything be made public"],
  ["aws-iam-no-destruction", "kms:ScheduleKeyDeletion", "all data be deleted"],
];

describe("dangerous actions", () => {
  it.each(EXAMPLES)("%s refuses %s on everything", async (name, action, what) => {
    const reported = (statement: object): Promise<readonly string[]> =>
      messages(name, [policy(allow(statement))]);
    const expected = `it lets ${what}: list the resources, or add a condition.`;
    expect(await reported({ Action: ["ec2:DescribeTags", action], Resource: "*" })).toEqual([
      `${WHO} allows "${action}" on "*"; ${expected}`,
    ]);
    expect(await reported({ Action: action, NotResource: ["arn:x"] })).toEqual([
      `${WHO} allows "${action}" on everything but "arn:x"; ${expected}`,
    ]);
    const Condition = { StringEquals: { "aws:ResourceTag/owner": "boats" } };
    expect(await reported({ Action: action, Resource: "*", Condition })).toEqual([]);
    expect(await reported({ Action: action, Resource: "*", Condition: {} })).toHaveLength(1);
    expect(await reported({ Action: action, Resource: "arn:aws:iam::1:role/x" })).toEqual([]);
  });

  it("leaves whole services to aws-iam-no-whole-service", async () => {
    for (const Action of ["iam:*", "*", "*:*"]) {
      const fixture = policy(allow({ Action, Resource: "*" }));
      expect(await messages("aws-iam-no-escalation", [fixture])).toEqual([]);
    }
  });

  it("are valid IAM actions, without duplicates", () => {
    const all = DANGERS.flatMap(({ actions }) => actions);
    for (const action of all)
      expect(action).toMatch(/^([a-z0-9-]+:[A-Z][A-Za-z0-9]+|rds-db:connect)$/);
    expect(new Set(all).size).toBe(all.length);
  });
});
