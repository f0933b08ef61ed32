import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import * as pulumi from "@pulumi/pulumi";
import type { GooglePlacement } from "../../cluster/contract";
import { enforce, quoted, type Rule } from "../../kit/validation";
import type { Account, Grant } from "../../identity/contract";

/** Valid ids of service accounts. */
const ACCOUNT_ID = /^[a-z]([a-z0-9-]{4,28}[a-z0-9])$/;

const accountIdRule = (accountId: string): Rule => ({
  holds: ACCOUNT_ID.test(accountId),
  key: "accountId",
  value: quoted(accountId),
  allowed: "6 to 30 lower-case letters, digits and hyphens, beginning with a letter",
  next: "Shorten it.",
});

/**
 * A Google service account for one ServiceAccount, by Workload Identity. The identity consists of
 * namespace and name: two clusters of a project share it if they use the same names.
 */
export function workloadIdentity(
  name: string,
  args: {
    readonly placement: Pick<GooglePlacement, "project" | "workloadPool" | "identityReady">;
    readonly account: Account;
    /** 6 to 30 lower-case letters, digits and hyphens; unique in the project, and immutable. */
    readonly accountId: string;
  },
  options: pulumi.CustomResourceOptions,
): Grant & { readonly account: serviceaccount.Account } {
  const { placement, account, accountId } = args;
  enforce(`Workload identity ${name}`, [accountIdRule(accountId)]);
  const created = new serviceaccount.Account(
    `${name}-account`,
    {
      accountId,
      project: placement.project,
      displayName: `${account.namespace}/${account.serviceAccount}`,
    },
    options,
  );
  const member = new serviceaccount.IAMMember(
    `${name}-member`,
    {
      serviceAccountId: created.name,
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:${placement.workloadPool}[${account.namespace}/${account.serviceAccount}]`,
    },
    // The pool exists from the first cluster that uses it.
    pulumi.mergeOptions(options, { dependsOn: [...placement.identityReady] }),
  );
  return {
    account: created,
    annotations: { "iam.gke.io/gcp-service-account": created.email },
    ready: [member],
  };
}
