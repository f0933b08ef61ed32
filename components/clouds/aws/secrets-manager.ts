import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlacement } from "../../cluster/contract";
import { Component, type ComponentOptions } from "../../kit/component";
import { customResource } from "../../kit/custom-resource";
import { podIdentity, type Statement } from "./identity";
import { commonLabels } from "../../kit/labels";
import { enforce, quoted } from "../../kit/validation";
import { EXTERNAL_SECRETS, ExternalSecrets } from "../../platform/external-secrets";
import type { OperatorArguments } from "../../platform/operators";
import { checkRemote, STORE_NAME, WAIT_UNTIL_READY } from "../../secret-store/check";
import type { KeptSecret, SecretStore } from "../../secret-store/contract";

export interface AwsSecretStoreArguments {
  readonly placement: Pick<
    AwsPlacement,
    "clusterName" | "region" | "encryptionKeyArn" | "identityReady"
  >;
  /**
   * Prefix of every name, followed by a slash: the cluster can read nothing else. Changing it
   * creates every secret anew; those under the old names are deleted.
   */
  readonly prefix: string;
  /** The application's namespace. */
  readonly namespace: string;
  readonly operator: OperatorArguments;
  /**
   * Another region in which each secret can also be read.
   * @default none
   */
  readonly replica?: { readonly region: string };
  /** Keeps a deleted secret, and its name, for 30 days in which it can be restored. */
  readonly production: boolean;
  readonly protect: boolean;
}

/**
 * AWS Secrets Manager. External Secrets reads it with EKS Pod Identity, which cannot impersonate an
 * account of the application's namespace: so the operator's own account may read the names below
 * the prefix, and no others.
 */
export class AwsSecretStore extends Component implements SecretStore {
  readonly storeName = STORE_NAME;
  readonly ready: readonly pulumi.Resource[];
  readonly #args: AwsSecretStoreArguments & { readonly taken: Set<string> };

  constructor(name: string, args: AwsSecretStoreArguments, options: ComponentOptions) {
    const { prefix, namespace } = args;
    super("secret-store:AwsSecretStore", name, { prefix, namespace }, options);
    checkAwsSecrets(name, args);

    this.#args = { ...args, taken: new Set() };
    const grant = podIdentity(
      this.child("reader"),
      {
        placement: args.placement,
        account: EXTERNAL_SECRETS,
        statements: readStatements(args),
      },
      this.options(),
    );
    const operator = new ExternalSecrets(
      this.child("operator"),
      { ...args.operator, grant },
      { parent: this },
    );
    this.ready = [this.createStore(operator)];
    this.publish();
  }

  keep(name: string, remote: string, value: pulumi.Output<string> | undefined): KeptSecret {
    checkRemote(`AwsSecretStore ${this.name}`, remote, NAMES, this.#args.taken);
    const { prefix, placement, operator, production, protect } = this.#args;
    const full = `${prefix}/${remote}`;
    if (value === undefined) return { remoteRef: { key: pulumi.output(full) }, ready: [] };
    const { region } = placement;
    const secret = new secretsmanager.Secret(
      `${name}-secret`,
      {
        name: full,
        region,
        kmsKeyId: placement.encryptionKeyArn,
        // The name stays reserved during that time; with zero days it is free immediately.
        recoveryWindowInDays: production ? 30 : 0,
        ...this.replicas(),
        tags: { "managed-by": "pulumi", "part-of": operator.system },
      },
      this.options({ protect }),
    );
    const version = new secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, region, secretString: pulumi.secret(value) },
      this.options(),
    );
    return {
      remoteRef: { key: secret.name, version: pulumi.interpolate`uuid/${version.versionId}` },
      ready: [version],
    };
  }

  private replicas(): Pick<secretsmanager.SecretArgs, "replicas"> {
    const { replica } = this.#args;
    if (replica === undefined) return {};
    return { replicas: [{ region: replica.region }] };
  }

  private createStore(operator: ExternalSecrets): pulumi.Resource {
    const { namespace, placement } = this.#args;
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
        spec: { provider: { aws: { service: "SecretsManager", region: placement.region } } },
      },
      this.options({ dependsOn: [operator.release] }),
    );
  }
}

/** The API calls of External Secrets for one secret; the account is known from the role. */
function readStatements({
  placement,
  prefix,
}: Pick<AwsSecretStoreArguments, "placement" | "prefix">): readonly Statement[] {
  const { region } = placement;
  return [
    {
      actions: ["secretsmanager:GetSecretValue"],
      resources: [`arn:aws:secretsmanager:${region}:*:secret:${prefix}/*`],
    },
    {
      actions: ["kms:Decrypt"],
      resources: [placement.encryptionKeyArn],
      condition: {
        StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
      },
    },
  ];
}

const NAMES = {
  pattern: /^[\w+=.@/-]{1,200}$/,
  allowed: "1 to 200 letters, digits and characters of /_+=.@-",
};

/** Pure. */
export function checkAwsSecrets(
  name: string,
  {
    placement,
    prefix,
    replica,
  }: {
    readonly placement: Pick<AwsPlacement, "region">;
    readonly prefix: string;
    readonly replica?: { readonly region: string };
  },
): void {
  enforce(`AwsSecretStore ${name}`, [
    {
      holds: /^[a-zA-Z0-9][\w-]{0,99}$/.test(prefix),
      key: "prefix",
      value: quoted(prefix),
      allowed: "1 to 100 letters, digits, underscores and hyphens",
      next: "Use the names of system and environment.",
    },
    {
      holds: replica?.region !== placement.region,
      key: "replica.region",
      value: quoted(replica?.region ?? ""),
      allowed: "a region other than the cluster's",
      next: "Set the recovery region, or remove the replica.",
    },
  ]);
}
