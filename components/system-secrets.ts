import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Secret, System } from "../systems/model";
import { unwatched } from "../systems/reading";
import { Component, type ComponentOptions } from "./kit/component";
import { customResource } from "./kit/custom-resource";
import { commonLabels } from "./kit/labels";
import type { KeptSecret, SecretStore } from "./secret-store/contract";
import { WAIT_UNTIL_WRITTEN } from "./secret-store/written";
import { checkSecrets, derivedName, remoteName } from "./system-secrets-check";
import type { WorkloadSecret } from "./workload/contract";

type SecretKey = Secret["keys"][number];

export interface SystemSecretsArguments {
  readonly system: System;
  readonly namespace: string;
  /** Secret values from the configuration, by key. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
  /** Secret values from components, by data service and part: `postgresql.url`. */
  readonly derived: Readonly<Record<string, pulumi.Output<string>>>;
  /**
   * The cloud's secret manager, which then stores every value; the Secrets are created from it.
   * @default none: the values exist only in Kubernetes
   */
  readonly store?: SecretStore | undefined;
  /**
   * Whether secrets may already exist in the manager: those that are not configured are then read
   * from there. A new value there restarts nothing.
   * @default false
   */
  readonly adopt?: boolean;
  /**
   * Any text for each key; changing it generates a new value.
   * @default {}
   */
  readonly rotations: Readonly<Record<string, string>>;
  /**
   * Secret: the contents of a `.dockerconfigjson` to pull images with.
   * @default none: a public registry, or an existing pull secret
   */
  readonly registryCredentials?: pulumi.Output<string>;
}

/**
 * How often the manager is read. This repairs a Secret that was changed by hand, and limits how
 * long an update waits if the operator's clock is behind.
 */
const REFRESH = "5m";

/** The pull secret that is created from `registryCredentials`. */
const PULL_SECRET = "registry-credentials";

/** The system's Secrets, by the runbook's names: created directly or by External Secrets. */
export class SystemSecrets extends Component {
  readonly secrets: Readonly<Record<string, WorkloadSecret>>;
  /** Names of the image pull Secrets. */
  readonly pullSecrets: readonly string[];

  constructor(name: string, args: SystemSecretsArguments, options: ComponentOptions) {
    super("platform:SystemSecrets", name, { namespace: args.namespace }, options);
    checkSecrets(name, { ...args, system: unwatched(args.system) });
    this.secrets = Object.fromEntries(
      args.system.secrets.map((secret) => [secret.name, this.createSecret(secret, args)]),
    );
    this.pullSecrets = this.createPullSecret(args);
    this.publish();
  }

  private createPullSecret(args: SystemSecretsArguments): readonly string[] {
    if (args.registryCredentials === undefined) return [];
    new k8s.core.v1.Secret(
      this.child("registry"),
      {
        metadata: {
          name: PULL_SECRET,
          namespace: args.namespace,
          labels: commonLabels(args.system.id, "secrets"),
        },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": pulumi.secret(args.registryCredentials) },
      },
      this.options(),
    );
    return [PULL_SECRET];
  }

  private createSecret(secret: Secret, args: SystemSecretsArguments): WorkloadSecret {
    const values = secret.keys.map((key) => [key, this.value(secret, key, args)] as const);
    const object =
      args.store === undefined
        ? this.writeSecret(secret, args, values)
        : this.readSecret(secret, args, args.store, values);
    const checksums = values.map(([key, value]) => [
      key.key,
      // A value that already exists in the manager is not read here; its name stands in for it.
      pulumi.secret((value ?? pulumi.output(remoteName(secret.name, key))).apply(digest)),
    ]);
    return {
      object,
      checksums: Object.fromEntries(checksums) as WorkloadSecret["checksums"],
    };
  }

  private writeSecret(
    secret: Secret,
    args: SystemSecretsArguments,
    values: readonly (readonly [SecretKey, pulumi.Output<string> | undefined])[],
  ): pulumi.Resource {
    return new k8s.core.v1.Secret(
      this.child(secret.name),
      {
        metadata: metadata(secret, args),
        type: "Opaque",
        stringData: Object.fromEntries(
          values.flatMap(([{ key }, value]) => (value === undefined ? [] : [[key, value]])),
        ) as Record<string, pulumi.Output<string>>,
      },
      this.options(),
    );
  }

  private readSecret(
    secret: Secret,
    args: SystemSecretsArguments,
    store: SecretStore,
    values: readonly (readonly [SecretKey, pulumi.Output<string> | undefined])[],
  ): pulumi.Resource {
    const kept = values.map(
      ([key, value]) =>
        [
          key.key,
          store.keep(this.keyName(secret, key), remoteName(secret.name, key), value),
        ] as const,
    );
    return customResource(
      this.child(secret.name),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: {
          ...metadata(secret, args),
          annotations: { "pulumi.com/waitFor": WAIT_UNTIL_WRITTEN },
        },
        spec: externalSecret(secret, args, store.storeName, kept),
      },
      this.options({ dependsOn: [...store.ready, ...kept.flatMap(([, { ready }]) => ready)] }),
    );
  }

  private keyName(secret: Secret, { key }: SecretKey): string {
    return this.child(`${secret.name}-${key.toLowerCase().replaceAll("_", "-")}`);
  }

  /** Absent if the value already exists in the manager. */
  private value(
    secret: Secret,
    key: SecretKey,
    args: SystemSecretsArguments,
  ): pulumi.Output<string> | undefined {
    const { source } = key;
    switch (source.kind) {
      case "given":
        return secretly(args.given[key.key]);
      case "derived":
        return secretly(args.derived[derivedName(source)]);
      case "generated":
        return new random.RandomPassword(
          this.keyName(secret, key),
          {
            length: source.length,
            special: false,
            keepers: { rotation: args.rotations[key.key] ?? "1" },
          },
          this.options(),
        ).result;
    }
  }
}

const secretly = (value: pulumi.Output<string> | undefined): pulumi.Output<string> | undefined =>
  value === undefined ? undefined : pulumi.secret(value);

const metadata = (
  { name }: Secret,
  { namespace, system }: Pick<SystemSecretsArguments, "namespace" | "system">,
) => ({ name, namespace, labels: commonLabels(system.id, "secrets") });

function externalSecret(
  secret: Secret,
  args: SystemSecretsArguments,
  storeName: string,
  kept: readonly (readonly [string, KeptSecret])[],
): Readonly<Record<string, unknown>> {
  return {
    refreshInterval: REFRESH,
    secretStoreRef: { kind: "SecretStore", name: storeName },
    target: {
      name: secret.name,
      creationPolicy: "Owner",
      // If a value disappears from the manager, the Secret of running pods must stay.
      deletionPolicy: "Retain",
      template: { type: "Opaque", metadata: { labels: commonLabels(args.system.id, "secrets") } },
    },
    data: kept.map(([secretKey, { remoteRef }]) => ({ secretKey, remoteRef: { ...remoteRef } })),
  };
}

const digest = (value: string): string => createHash("sha256").update(value).digest("hex");
