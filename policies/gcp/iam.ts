/** IAM roles granted to members in Google Cloud. */
import { each, elements, expectPresent, expectThat, type Check } from "../expect";
import type { Policy, ResourceCheck } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

const IAM = `${DOCS}/iam/docs`;

/** `gcp:projects/iAMMember:IAMMember` and some four hundred others, whose names end alike. */
const GIVES_ROLES = /^gcp:.*Iam(Member|Binding)$/i;
/** Scopes in which a role applies to everything inside. */
const WIDE = /^gcp:(projects|folder|organizations)\//;

/**
 * Checks every resource that grants a role to members. The provider has hundreds of such types and
 * adds more with each version, so they are matched by name; nothing is read from other resources.
 */
function onGrants(
  evaluate: (check: Check, role: Value) => void,
  { isWide = false } = {},
): ResourceCheck {
  return each("every", (check) => {
    const { type, props } = check.resource;
    if (!GIVES_ROLES.test(type) || (isWide && !WIDE.test(type))) return;
    evaluate(check, props.get("role"));
  });
}

/** For both members and bindings. */
function membersOf(check: Check): readonly Value[] {
  const { props } = check.resource;
  const several = props.get("members");
  return several.isMissing ? [props.get("member")] : elements(check, several);
}

function expectEach(check: Check, isRight: (member: Value) => boolean, expected: string): void {
  for (const member of membersOf(check)) expectThat(check, member, isRight, expected);
}

/** If both the role and a member make it wrong, an unknown one leaves it open. */
function expectNoConflict(
  check: Check,
  [role, isRefusedRole]: readonly [Value, (role: Value) => boolean],
  isRefused: (member: Value) => boolean,
  expected: string,
): void {
  if (role.isKnown && !isRefusedRole(role)) return;
  const members = membersOf(check);
  if (!members.some(isRefused) || !check.context.noteUnknown(role)) {
    for (const member of members) expectThat(check, member, (it) => !isRefused(it), expected);
  }
}

const isNoneOf =
  (refused: readonly string[]) =>
  ({ string = "" }: Value): boolean =>
    !refused.includes(string);

const EVERYBODY = ["allUsers", "allAuthenticatedUsers"];

/** Of projects, folders and organizations. */
const refusedRoles = (roles: readonly string[], expected: string): ResourceCheck =>
  onGrants(
    (check, role) => {
      expectThat(check, role, isNoneOf(roles), expected);
    },
    { isWide: true },
  );

const BASIC = ["roles/owner", "roles/editor", "roles/viewer"];
/** On a whole project these let a member act as any of its service accounts. */
const IMPERSONATING = [
  "roles/iam.securityAdmin",
  "roles/iam.serviceAccountAdmin",
  "roles/iam.serviceAccountKeyAdmin",
  "roles/iam.serviceAccountOpenIdTokenCreator",
  "roles/iam.serviceAccountTokenCreator",
  "roles/iam.serviceAccountUser",
  "roles/iam.workloadIdentityUser",
  "roles/dataproc.editor",
  "roles/dataflow.developer",
  "roles/resourcemanager.folderAdmin",
  "roles/resourcemanager.organizationAdmin",
  "roles/cloudasset.owner",
  "roles/cloudasset.viewer",
  "roles/deploymentmanager.editor",
];
/** These should be granted on one secret, one key or one bucket. */
const DATA = [
  "roles/cloudkms.admin",
  "roles/cloudkms.cryptoKeyDecrypter",
  "roles/cloudkms.cryptoKeyEncrypterDecrypter",
  "roles/secretmanager.admin",
  "roles/secretmanager.secretAccessor",
  "roles/storage.admin",
  "roles/storage.objectAdmin",
  "roles/storage.objectUser",
  "roles/storage.objectViewer",
];

const DEFAULT_ACCOUNT =
  /^serviceAccount:(\d+-compute@developer|[a-z0-9-]+@appspot|\d+@cloudservices)\.gserviceaccount\.com$/;

function defaultAccount(check: Check): void {
  const expected =
    "every machine without its own service account uses this one: use the email of another one";
  expectEach(check, ({ string = "" }) => !DEFAULT_ACCOUNT.test(string), expected);
}

/** Everything in an identity pool, or in a cluster. */
const WHOLE_POOL =
  /^principalSet:.*\/workloadIdentityPools\/[^/]+\/(\*|kubernetes\.cluster\/.*)$|\[(\*|[^\]/]*\/\*)?\]$/;

function poolMembers(check: Check, role: Value): void {
  const isIdentity = ({ string }: Value): boolean => string === "roles/iam.workloadIdentityUser";
  const isPool = ({ string = "" }: Value): boolean => WHOLE_POOL.test(string);
  const expected =
    "use one subject of the pool, such as <project>.svc.id.goog[<namespace>/<account>]";
  expectNoConflict(check, [role, isIdentity], isPool, expected);
}

/** A program never needs admin rights on a whole service. */
function administrator(check: Check, role: Value): void {
  const isAdmin = ({ string = "" }: Value): boolean => /admin$/i.test(string);
  const isProgram = ({ string = "" }: Value): boolean => string.startsWith("serviceAccount:");
  const expected =
    "the program could administer the whole service: grant the role that it needs on the resource that it needs";
  expectNoConflict(check, [role, isAdmin], isProgram, expected);
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const iam: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-iam-not-public",
    title: "Roles are not granted to everyone",
    clause: {
      reference:
        "PO-03; CKV_GCP_28; CKV_GCP_99; CKV_GCP_101; CKV_GCP_112; CKV2_GCP_6; CKV2_GCP_8; CKV2_GCP_9; CIS GCP 1.9; CIS GCP 5.1",
      url: `${IAM}/principals-overview#all-users`,
    },
    severity: "critical",
    themes: ["iam", "gcp"],
    prevents: "A key, a bucket, a topic or a repository is open to everyone because of one word.",
    description: "No role is granted to allUsers or allAuthenticatedUsers.",
    remediation: "Set members to the accounts or groups that need the role.",
    check: onGrants((check) => {
      expectEach(check, isNoneOf(EVERYBODY), "it is everyone: list the members that need the role");
    }),
  },
  {
    ...strict,
    name: "gcp-iam-basic-roles",
    title: "Basic roles are not granted",
    clause: {
      reference: "PO-03; CKV_GCP_115; CKV_GCP_116; CKV_GCP_117; CIS GCP 1.5",
      url: `${IAM}/understanding-roles#basic`,
    },
    severity: "critical",
    themes: ["iam", "gcp"],
    prevents: "Anyone who takes over one account can read or change the whole project.",
    description: "Owner, editor and viewer are not granted on a project, folder or organization.",
    remediation:
      "Grant the predefined role of the service that is needed, such as roles/dns.admin.",
    check: refusedRoles(BASIC, "use the predefined role of the service that is needed"),
  },
  {
    ...strict,
    name: "gcp-iam-impersonation",
    title: "Service accounts cannot be impersonated project-wide",
    clause: {
      reference: "PO-03; CKV_GCP_41; CKV_GCP_44; CKV_GCP_45; CKV_GCP_49; CIS GCP 1.6; CIS GCP 1.8",
      url: `${IAM}/service-account-permissions`,
    },
    severity: "critical",
    themes: ["iam", "gcp"],
    prevents: "Anyone who may act as every service account has the permissions of all of them.",
    description:
      "Roles that act as service accounts, or manage them, are granted on one account, not on a project, folder or organization.",
    remediation: "Use serviceaccount.IAMMember on the one account instead of projects.IAMMember.",
    check: refusedRoles(IMPERSONATING, "grant it on the one service account that needs it"),
  },
  {
    ...strict,
    name: "gcp-iam-data-narrow",
    title: "Access to secrets, keys and objects is granted individually",
    clause: { reference: "PO-03; CIS GCP 1.11", url: `${IAM}/using-iam-securely` },
    severity: "high",
    themes: ["iam", "secrets", "gcp"],
    prevents: "A workload that needs one secret can read those of every system in the project.",
    description:
      "Access to secrets, keys and objects is granted on the resource, not on a project, folder or organization.",
    remediation:
      "Use secretmanager.SecretIamMember, kms.CryptoKeyIAMMember or storage.BucketIAMMember.",
    check: refusedRoles(DATA, "grant it on the one secret, key or bucket"),
  },
  {
    ...strict,
    name: "gcp-iam-admin-narrow",
    title: "Service accounts have no project-wide admin roles",
    clause: { reference: "PO-03; CKV_GCP_42; CIS GCP 1.5", url: `${IAM}/using-iam-securely` },
    severity: "high",
    themes: ["iam", "gcp"],
    prevents: "Anyone who takes over one program administers a service for every system.",
    description: "No service account has an admin role on a project, folder or organization.",
    remediation: "Grant the role on the one resource, or a role without Admin in its name.",
    check: onGrants(administrator, { isWide: true }),
  },
  {
    ...strict,
    name: "gcp-iam-default-accounts",
    title: "Default service accounts have no roles",
    clause: {
      reference: "PO-03; CKV_GCP_46; CKV_GCP_47; CKV_GCP_48; CIS GCP 4.1; CIS GCP 4.2",
      url: `${IAM}/service-account-types#default`,
    },
    severity: "high",
    themes: ["iam", "gcp"],
    prevents: "A permission that one machine needs applies to every machine.",
    description:
      "No role is granted to the default service accounts of Compute Engine and App Engine.",
    remediation: "Create a serviceaccount.Account for the purpose and grant the role to its email.",
    check: onGrants(defaultAccount),
  },
  {
    ...strict,
    name: "gcp-iam-pool-narrow",
    title: "Workload Identity binds one subject to an account",
    clause: {
      reference: "PO-03; CIS GKE 5.2.2",
      url: `${DOCS}/kubernetes-engine/docs/concepts/workload-identity`,
    },
    severity: "high",
    themes: ["iam", "clusters", "gcp"],
    prevents: "Every pod of every cluster, or every repository of a Git host, acts as the account.",
    description:
      "Workload Identity binds a single subject to a service account, not a whole pool or cluster.",
    remediation:
      "Set member to serviceAccount:<project>.svc.id.goog[<namespace>/<account>], or to a principal:// with its subject.",
    check: onGrants(poolMembers),
  },
  {
    ...strict,
    name: "gcp-iam-provider-condition",
    title: "Workload identity providers have a condition",
    clause: {
      reference: "PO-03; CKV_GCP_118; CKV_GCP_125",
      url: `${IAM}/workload-identity-federation#conditions`,
    },
    severity: "high",
    themes: ["iam", "gcp"],
    prevents:
      "Anyone with an account at the same Git host or cloud can request the project's tokens.",
    description: "Workload identity pool providers set which external identities they admit.",
    remediation: 'Set attributeCondition, such as assertion.repository_owner == "<organization>".',
    check: each([gcp("iam", "WorkloadIdentityPoolProvider")], (check) => {
      const condition = check.resource.props.get("attributeCondition");
      expectPresent(
        check,
        condition,
        "every identity of the provider is admitted: set which ones may",
      );
    }),
  },
  {
    ...strict,
    name: "gcp-service-account-key",
    title: "Service accounts have no keys",
    clause: {
      reference: "PO-03; CKV2_GCP_3; CIS GCP 1.4",
      url: `${IAM}/best-practices-for-managing-service-account-keys`,
    },
    severity: "high",
    themes: ["iam", "secrets", "gcp"],
    prevents: "A file that never expires is copied, and works for anyone who has it.",
    description: "No service account key is created.",
    remediation: "Remove the Key: use Workload Identity in clusters and federation elsewhere.",
    check: each([gcp("serviceaccount", "Key")], ({ resource, context }) => {
      const account = resource.props.get("serviceAccountId");
      context.report(finding(resource, account, "use Workload Identity, which has no key to leak"));
    }),
  },
];
