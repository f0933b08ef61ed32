import * as secretmanager from "@pulumi/gcp/secretmanager";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GooglePlacement } from "../../cluster/contract";
import { Component, type ComponentOptions } from "../../kit/component";
import { customResource } from "../../kit/custom-resource";
import { NO_GRANT, type Grant } from "../../identity/contract";
import { workloadIdentity } from "./identity";
import { commonLabels } from "../../kit/labels";
import { enforce, quoted, repeated } from "../../kit/validation";
import { EXTERNAL_SECRETS, ExternalSecrets } from "../../platform/external-secrets";
import type { OperatorArguments } from "../../platform/operators";
import { checkRemote, STORE_NAME, WAIT_UNTIL_READY } from "../../secret-store/check";
import type { KeptSecret, SecretStore } from "../../secret-store/contract";

export interface GoogleSecretStoreArguments {
  readonly placement: Pick<GooglePlacement, "project" | "workloadPool" | "identityReady">;
  /**
   * Names of the Google account that reads the secrets (see `workloadIdentity`), and of the
   * Kubernetes account that External Secrets impersonates. In a project, Google identifies accounts
   * of all clusters by namespace and name alone: with the same name, staging could read
   * production's secrets.
   */
  readonly accountId: string;
  /**
   * Prefix of every name, followed by a hyphen, if several environments share a project. Changing
   * it creates every secret anew; those under the old names are deleted.
   * @default none: names are exactly the system's
   */
  readonly prefix?: string;
  /**
   * The only regions that store the values. Changing it replaces every secret.
   * @default Google's choice
   */
  readonly locations?: readonly string[];
  /** The application's namespace. */
  readonly namespace: string;
  readonly operator: OperatorArguments;
  readonly protect: boolean;
}

/**
 * Google's Secret Manager. External Secrets reads it as an account of the application's namespace,
 * which may read only the secrets that are stored here, one by one.
 */
export class GoogleSecretStore extends Component implements SecretStore {
  readonly storeName = STORE_NAME;
  readonly ready: readonly pulumi.Resource[];
  readonly #args: GoogleSecretStoreArguments & {
    readonly taken: Set<string>;
    readonly member: pulumi.Output<string>;
  };

  constructor(name: string, args: GoogleSecretStoreArguments, options: ComponentOptions) {
    const { namespace, accountId } = args;
    super("secret-store:GoogleSecretStore", name, { namespace, accountId }, options);
    checkGoogleSecrets(name, args);

    const identity = workloadIdentity(
      this.child("reader"),
      {
        placement: args.placement,
        account: { namespace, serviceAccount: accountId },
        accountId,
      },
      this.options(),
    );
    this.#args = {
      ...args,
      taken: new Set(),
      member: pulumi.interpolate`serviceAccount:${identity.account.email}`,
    };
    const operator = new ExternalSecrets(
      this.child("operator"),
      { ...args.operator, grant: NO_GRANT },
      { parent: this },
    );
    this.ready = [this.createStore(operator, this.createReader(identity))];
    this.publish();
  }

  keep(name: string, remote: string, value: pulumi.Output<string> | undefined): KeptSecret {
    const { prefix, taken } = this.#args;
    const secretId = prefix === undefined ? remote : `${prefix}-${remote}`;
    checkRemote(`GoogleSecretStore ${this.name}`, secretId, NAMES, taken);
    if (value === undefined) {
      const member = this.allow(name, pulumi.output(secretId));
      return { remoteRef: { key: pulumi.output(secretId) }, ready: [member] };
    }
    const secret = this.createSecret(name, secretId);
    const version = new secretmanager.SecretVersion(
      `${name}-version`,
      {
        secret: secret.id,
        secretData: pulumi.secret(value),
        // Pods may still use the old value when it is replaced, so it can be restored.
        deletionPolicy: "DISABLE",
      },
      this.options(),
    );
    return {
      remoteRef: { key: secret.secretId, version: version.version },
      ready: [version, this.allow(name, secret.secretId)],
    };
  }

  private createSecret(name: string, secretId: string): secretmanager.Secret {
    const { locations = [], placement, operator, protect } = this.#args;
    return new secretmanager.Secret(
      `${name}-secret`,
      {
        secretId,
        project: placement.project,
        replication:
          locations.length === 0
            ? { auto: {} }
            : { userManaged: { replicas: locations.map((location) => ({ location })) } },
        deletionProtection: protect,
        labels: { "managed-by": "pulumi", "part-of": operator.system },
      },
      this.options({ protect }),
    );
  }

  private allow(name: string, secretId: pulumi.Output<string>): secretmanager.SecretIamMember {
    const { placement, member } = this.#args;
    return new secretmanager.SecretIamMember(
      `${name}-access`,
      {
        project: placement.project,
        secretId,
        role: "roles/secretmanager.secretAccessor",
        member,
      },
      this.options(),
    );
  }

  /** The account, and the operator's permission to impersonate it and no other. */
  private createReader(identity: Grant): readonly pulumi.Resource[] {
    const { accountId: reader } = this.#args;
    const metadata = {
      name: reader,
      namespace: this.#args.namespace,
      labels: commonLabels(this.#args.operator.system, "secrets"),
    };
    const account = new k8s.core.v1.ServiceAccount(
      this.child("service-account"),
      {
        metadata: { ...metadata, annotations: { ...identity.annotations } },
        automountServiceAccountToken: false,
      },
      this.options(),
    );
    return [account, this.letOperatorActFor(reader, metadata), ...identity.ready];
  }

  private letOperatorActFor(
    reader: string,
    metadata: k8s.types.input.meta.v1.ObjectMeta,
  ): k8s.rbac.v1.RoleBinding {
    const role = new k8s.rbac.v1.Role(
      this.child("token-role"),
      {
        metadata,
        rules: [
          {
            apiGroups: [""],
            resources: ["serviceaccounts/token"],
            resourceNames: [reader],
            verbs: ["create"],
          },
        ],
      },
      this.options(),
    );
    return new k8s.rbac.v1.RoleBinding(
      this.child("token-binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: reader },
        subjects: [
          {
            kind: "ServiceAccount",
            name: EXTERNAL_SECRETS.serviceAccount,
            namespace: EXTERNAL_SECRETS.namespace,
          },
        ],
      },
      this.options({ dependsOn: [role] }),
    );
  }

  private createStore(
    operator: ExternalSecrets,
    reader: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const { accountId, namespace, placement } = this.#args;
    return customResource(
      this.child("store"),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "SecretStore",
        metadata: {
          name: STORE_NAME,
          namespace,
          labels: commonLabels(this.#args.operator.system, "secrets"),
          annotations: WAIT_UNTIL_READY,
        },
        spec: {
          provider: {
            gcpsm: {
              projectID: placement.project,
              auth: { workloadIdentity: { serviceAccountRef: { name: accountId } } },
            },
          },
        },
      },
      this.options({ dependsOn: [operator.release, ...reader] }),
    );
  }
}

const NAMES = {
  pattern: /^[\w-]{1,255}$/,
  allowed: "1 to 255 letters, digits, underscores and hyphens, with the prefix",
};

/** Pure. */
export function checkGoogleSecrets(
  name: string,
  { prefix, locations = [] }: Pick<GoogleSecretStoreArguments, "prefix" | "locations">,
): void {
  const twice = repeated(locations);
  enforce(`GoogleSecretStore ${name}`, [
    {
      holds: prefix === undefined || /^[a-zA-Z0-9][\w-]{0,99}$/.test(prefix),
      key: "prefix",
      value: quoted(prefix ?? ""),
      allowed: "1 to 100 letters, digits, underscores and hyphens",
      next: "Use the names of system and environment, or leave it out.",
    },
    ...locations.map((location) => ({
      holds: /^[a-z]+-[a-z]+\d+$/.test(location),
      key: "locations",
      value: quoted(location),
      allowed: "Google Cloud regions, such as europe-west1",
      next: "Set runstack:region.",
    })),
    {
      holds: twice.length === 0,
      key: "locations",
      value: quoted(`${twice[0] ?? ""} twice`),
      allowed: "different regions",
      next: "Remove one of them.",
    },
  ]);
}
