import type * as iam from "@pulumi/aws/iam";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { UNKNOWN, messages, urnOf, type Fixture } from "../../testing";

const READ = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
const EXPECTED =
  "it grants administrator rights: attach a policy with only the actions that are needed.";

const fixture = (type: string, props: object): Fixture => ({
  type: `aws:iam/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  name: "one",
  props: { ...props },
});

testPolicy("aws-iam-no-administrator", {
  happy: () => [
    fixture("RolePolicyAttachment", {
      role: "sailor",
      policyArn: READ,
    } satisfies iam.RolePolicyAttachmentArgs),
    fixture("Role", {
      assumeRolePolicy: "{}",
      managedPolicyArns: [READ, "arn:aws:iam::210987654321:policy/AdministratorAccess"],
    } satisfies iam.RoleArgs),
    fixture("RolePolicyAttachmentsExclusive", { roleName: "sailor", policyArns: [READ] }),
    fixture("UserPolicyAttachment", { user: "ann", policyArn: READ }),
    fixture("GroupPolicyAttachment", { group: "crew", policyArn: READ }),
    fixture("PolicyAttachment", { policyArn: READ }),
  ],
  broken: [
    {
      at: ["policyArn"],
      to: ADMIN,
      says: `RolePolicyAttachment "one": policyArn is "${ADMIN}"; ${EXPECTED}`,
    },
    { at: ["policyArn"], says: [] },
    {
      at: ["managedPolicyArns", 1],
      of: 1,
      to: "arn:aws-cn:iam::aws:policy/IAMFullAccess",
      says: `Role "one": managedPolicyArns[1] is "arn:aws-cn:iam::aws:policy/IAMFullAccess"; ${EXPECTED}`,
    },
    {
      at: ["policyArns", 0],
      of: 2,
      to: ADMIN,
      says: `RolePolicyAttachmentsExclusive "one": policyArns[0] is "${ADMIN}"; ${EXPECTED}`,
    },
    ...[3, 4, 5].map((of) => ({
      at: ["policyArn"],
      of,
      to: ADMIN,
      says: `${["UserPolicyAttachment", "GroupPolicyAttachment", "PolicyAttachment"][of - 3] ?? ""} "one": policyArn is "${ADMIN}"; ${EXPECTED}`,
    })),
  ],
  unknown: [["policyArn"], [1, "managedPolicyArns"], [1, "managedPolicyArns", 0]],
});

describe("aws-iam-users-by-group", () => {
  const reported = (type: string, props: object): Promise<readonly string[]> =>
    messages("aws-iam-users-by-group", [fixture(type, props)]);
  const expected = "users get their permissions through roles or groups: attach it to one.";

  it("refuses permissions of a single user", async () => {
    expect(await reported("UserPolicy", { user: "ann" })).toEqual([
      `UserPolicy "one" grants permissions to a single user; ${expected}`,
    ]);
    expect(await reported("UserPolicyAttachment", { user: "ann" })).toEqual([
      `UserPolicyAttachment "one" grants permissions to a single user; ${expected}`,
    ]);
    expect(await reported("PolicyAttachment", { users: ["ann"] })).toEqual([
      `PolicyAttachment "one": users is ["ann"]; ${expected}`,
    ]);
  });

  it("accepts groups and roles", async () => {
    expect(await reported("PolicyAttachment", { groups: ["crew"] })).toEqual([]);
    expect(await reported("PolicyAttachment", { users: [] })).toEqual([]);
    expect(await reported("PolicyAttachment", { users: UNKNOWN })).toEqual([]);
    expect(await reported("GroupPolicy", { group: "crew" })).toEqual([]);
  });
});

describe("aws-iam-role-policies-one-place", () => {
  const role = (props: object): Fixture => ({ ...fixture("Role", props), name: "sailor" });
  const other = (type: string, props: object, from: readonly string[] = []): Fixture => ({
    ...fixture(type, props),
    propertyDependencies: { role: from },
  });
  const reported = (...all: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-iam-role-policies-one-place", all);

  it("refuses a list next to attachments, by origin or by name", async () => {
    const listed = role({ managedPolicyArns: [READ] });
    expect(
      await reported(listed, other("RolePolicyAttachment", { role: UNKNOWN }, [urnOf(listed)])),
    ).toEqual([
      'Role "sailor": managedPolicyArns removes what RolePolicyAttachment "one" attaches; define all of them in one place.',
    ]);
    const inline = role({ name: "crew-sailor", inlinePolicies: [] });
    expect(await reported(inline, other("RolePolicy", { role: "crew-sailor" }))).toEqual([
      'Role "sailor": inlinePolicies removes what RolePolicy "one" attaches; define all of them in one place.',
    ]);
  });

  it("accepts only one of the two, and lists of another kind", async () => {
    const from = [urnOf(role({}))];
    expect(await reported(role({}), other("RolePolicy", { role: UNKNOWN }, from))).toEqual([]);
    expect(await reported(role({ managedPolicyArns: [READ] }))).toEqual([]);
    const listed = role({ managedPolicyArns: [READ] });
    expect(await reported(listed, other("RolePolicy", { role: UNKNOWN }, from))).toEqual([]);
  });
});

it("aws-iam-no-access-keys refuses a key", async () => {
  expect(await messages("aws-iam-no-access-keys", [fixture("AccessKey", { user: "ann" })])).toEqual(
    [
      'AccessKey "one" is an access key of a user; it never expires and is stored in the state: use a role instead.',
    ],
  );
});
