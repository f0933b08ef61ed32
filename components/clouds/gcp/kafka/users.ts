import { createHash } from "node:crypto";
import * as projects from "@pulumi/gcp/projects";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaUser } from "../../../kafka/contract";

export interface GoogleUser {
  readonly account: serviceaccount.Account;
  /** Lets the account connect to clusters of the project; ACLs decide what it may do there. */
  readonly role: projects.IAMMember;
  readonly credentials: KafkaUser;
}

/** Unique in the project, at most thirty characters: a longer name is cut and gets a digest. */
export function accountId(clusterName: string, suffix: string): string {
  const whole = `${clusterName}-${suffix}`;
  if (whole.length <= 30) return whole;
  const digest = createHash("sha256").update(clusterName).digest("hex").slice(0, 6);
  const most = 30 - digest.length - suffix.length - 2;
  return `${clusterName.slice(0, most).replace(/-+$/, "")}-${digest}-${suffix}`;
}

/**
 * A service account for clients that sign in with a name and a password: its key is the password.
 */
export function createGoogleUser(
  name: string,
  args: {
    readonly accountId: string;
    readonly project: string;
    readonly displayName: string;
    readonly rotation: string;
  },
  options: pulumi.CustomResourceOptions,
): GoogleUser {
  const { accountId, project, displayName } = args;
  const account = new serviceaccount.Account(name, { accountId, project, displayName }, options);
  const role = new projects.IAMMember(
    `${name}-role`,
    {
      project,
      role: "roles/managedkafka.client",
      member: pulumi.interpolate`serviceAccount:${account.email}`,
    },
    options,
  );
  const key = new serviceaccount.Key(
    `${name}-key`,
    { serviceAccountId: account.name, keepers: { rotation: args.rotation } },
    options,
  );
  return {
    account,
    role,
    // Google expects the key in base64, which is how its API returns it.
    credentials: { name: account.email, password: pulumi.secret(key.privateKey) },
  };
}
