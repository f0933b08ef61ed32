import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const PROJECT = "gcp:projects/iAMMember:IAMMember";
const APP = "serviceAccount:app@shop-31.iam.gserviceaccount.com";

const member = (): Fixture => fixture(PROJECT, { role: "roles/dns.reader", member: APP });
const binding = (): Fixture =>
  fixture("gcp:storage/bucketIAMBinding:BucketIAMBinding", {
    role: "roles/storage.objectUser",
    members: [APP, "group:ops@example.com"],
  });
const happy = (): readonly Fixture[] => [member(), binding()];
const IS = 'IAMMember "orders": ';
const BINDING_IS = 'BucketIAMBinding "orders": ';

describe("policies on grants", () => {
  /** Type tokens of the provider's resources that have a role and members, by their arguments. */
  function grants(): readonly string[] {
    const sdk = dirname(require.resolve("@pulumi/gcp/package.json"));
    return readdirSync(sdk, { recursive: true, encoding: "utf8" })
      .filter((file) => /^[^/]+\/[^/]+\.d\.ts$/.test(file))
      .flatMap((file) => {
        const [, args = ""] = readFileSync(join(sdk, file), "utf8").split(/interface \w+Args /);
        if (!/\brole\??: pulumi/.test(args) || !/\bmembers?\??: pulumi/.test(args)) return [];
        const code = readFileSync(join(sdk, file.replace(/\.d\.ts$/, ".js")), "utf8");
        return /__pulumiType = '([^']+)'/.exec(code)?.slice(1) ?? [];
      });
  }

  it("know every type that grants a role to members", async () => {
    const types = grants().filter((type) => !type.endsWith("IamMemberRemove"));
    expect(types.length).toBeGreaterThan(300);
    const all = types.map((type) => fixture(type, { role: "roles/x", member: "allUsers" }, type));
    expect(await messages("gcp-iam-not-public", all)).toHaveLength(types.length);
  });
});

const EVERYBODY = "it is everyone: list the members that need the role.";
testPolicy("gcp-iam-not-public", {
  happy,
  broken: [
    { at: ["member"], to: "allUsers", says: `${IS}member is "allUsers"; ${EVERYBODY}` },
    {
      of: 1,
      at: ["members", 1],
      to: "allAuthenticatedUsers",
      says: `${BINDING_IS}members[1] is "allAuthenticatedUsers"; ${EVERYBODY}`,
    },
  ],
  unknown: [["member"], [1, "members"], [1, "members", 0]],
});

interface Refused {
  readonly policy: string;
  readonly role: string;
  readonly expected: string;
}
const rows: readonly Refused[] = [
  ...["owner", "editor", "viewer"].map((role) => ({
    policy: "gcp-iam-basic-roles",
    role: `roles/${role}`,
    expected: "use the predefined role of the service that is needed.",
  })),
  ...[
    "iam.securityAdmin",
    "iam.serviceAccountAdmin",
    "iam.serviceAccountKeyAdmin",
    "iam.serviceAccountOpenIdTokenCreator",
    "iam.serviceAccountTokenCreator",
    "iam.serviceAccountUser",
    "iam.workloadIdentityUser",
    "dataproc.editor",
    "dataflow.developer",
    "resourcemanager.folderAdmin",
    "resourcemanager.organizationAdmin",
    "cloudasset.owner",
    "cloudasset.viewer",
    "deploymentmanager.editor",
  ].map((role) => ({
    policy: "gcp-iam-impersonation",
    role: `roles/${role}`,
    expected: "grant it on the one service account that needs it.",
  })),
  ...[
    "cloudkms.admin",
    "cloudkms.cryptoKeyDecrypter",
    "cloudkms.cryptoKeyEncrypterDecrypter",
    "secretmanager.admin",
    "secretmanager.secretAccessor",
    "storage.admin",
    "storage.objectAdmin",
    "storage.objectUser",
    "storage.objectViewer",
  ].map((role) => ({
    policy: "gcp-iam-data-narrow",
    role: `roles/${role}`,
    expected: "grant it on the one secret, key or bucket.",
  })),
];

describe("roles of whole projects", () => {
  const reported = (policy: string, type: string, props: object): Promise<readonly string[]> =>
    messages(policy, [fixture(type, props)]);

  it.each(rows)("$policy refuses $role", async ({ policy, role, expected }) => {
    const props = { role, member: "group:ops@example.com" };
    expect(await reported(policy, PROJECT, props)).toEqual([`${IS}role is "${role}"; ${expected}`]);
    expect(await reported(policy, "gcp:folder/iAMBinding:IAMBinding", props)).toHaveLength(1);
    expect(await reported(policy, "gcp:organizations/iAMMember:IAMMember", props)).toHaveLength(1);
    const one = "gcp:serviceaccount/iAMMember:IAMMember";
    expect(await reported(policy, one, props)).toEqual([]);
    expect(await reported(policy, "gcp:projects/service:Service", props)).toEqual([]);
  });
});

for (const policy of ["gcp-iam-basic-roles", "gcp-iam-impersonation", "gcp-iam-data-narrow"]) {
  testPolicy(policy, { happy, broken: [], unknown: [["role"]] });
}

const ADMINISTERS =
  "the program could administer the whole service: grant the role that it needs on the resource that it needs.";
testPolicy("gcp-iam-admin-narrow", {
  happy,
  broken: [
    {
      at: ["role"],
      to: "roles/compute.networkAdmin",
      says: `${IS}member is "${APP}"; ${ADMINISTERS}`,
    },
    { at: ["role"], to: "roles/dns.admin", says: `${IS}member is "${APP}"; ${ADMINISTERS}` },
  ],
  unknown: [],
});

describe("gcp-iam-admin-narrow", () => {
  it("applies to service accounts, at project level and above", async () => {
    const reported = (type: string, who: unknown): Promise<readonly string[]> =>
      messages("gcp-iam-admin-narrow", [fixture(type, { role: "roles/dns.admin", member: who })]);
    expect(await reported(PROJECT, "group:ops@example.com")).toEqual([]);
    expect(await reported(PROJECT, UNKNOWN)).toEqual([]);
    const zone = "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember";
    expect(await reported(zone, APP)).toEqual([]);
  });
});

const DEFAULT =
  "every machine without its own service account uses this one: use the email of another one.";
testPolicy("gcp-iam-default-accounts", {
  happy,
  broken: [
    "serviceAccount:31337-compute@developer.gserviceaccount.com",
    "serviceAccount:shop-31@appspot.gserviceaccount.com",
    "serviceAccount:31337@cloudservices.gserviceaccount.com",
  ].map((to) => ({ at: ["member"], to, says: `${IS}member is "${to}"; ${DEFAULT}` })),
  unknown: [["member"], [1, "members", 1]],
});

const workload = (): Fixture =>
  fixture("gcp:serviceaccount/iAMMember:IAMMember", {
    role: "roles/iam.workloadIdentityUser",
    member: "serviceAccount:shop-31.svc.id.goog[orders/api]",
  });
const POOL = "principalSet://iam.googleapis.com/workloadIdentityPools/p";
const SUBJECT =
  "use one subject of the pool, such as <project>.svc.id.goog[<namespace>/<account>].";
testPolicy("gcp-iam-pool-narrow", {
  happy: workload,
  broken: [
    ...[
      `${POOL}/*`,
      `${POOL}/kubernetes.cluster/x`,
      "serviceAccount:shop-31.svc.id.goog[*]",
      "serviceAccount:shop-31.svc.id.goog[orders/*]",
    ].map((to) => ({ at: ["member"], to, says: `${IS}member is "${to}"; ${SUBJECT}` })),
    { at: ["member"], to: `${POOL}/attribute.repository/shop/orders`, says: [] },
    { at: ["role"], to: "roles/iam.serviceAccountUser", says: [] },
  ],
  unknown: [["member"]],
});

it("gcp-iam-pool-narrow applies to one role", async () => {
  const other = fixture("gcp:serviceaccount/iAMMember:IAMMember", {
    role: "roles/viewer",
    member: `${POOL}/*`,
  });
  expect(await messages("gcp-iam-pool-narrow", [other])).toEqual([]);
});

testPolicy("gcp-iam-provider-condition", {
  happy: () =>
    fixture("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", {
      attributeCondition: 'assertion.repository_owner == "shop"',
    }),
  broken: [
    {
      at: ["attributeCondition"],
      says: 'WorkloadIdentityPoolProvider "orders": attributeCondition is missing; every identity of the provider is admitted: set which ones may.',
    },
  ],
  unknown: [],
});

it("gcp-service-account-key refuses every key", async () => {
  const key = fixture("gcp:serviceaccount/key:Key", { serviceAccountId: "app" });
  expect(await messages("gcp-service-account-key", [key, workload()])).toEqual([
    'Key "orders": serviceAccountId is "app"; use Workload Identity, which has no key to leak.',
  ]);
});
