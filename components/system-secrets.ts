import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Secret, System } from "../systems/model";
import { Component, ComponentError } from "./component";
import { commonLabels } from "./labels";
import type { WorkloadSecret } from "./workload/contract";

type SecretKey = Secret["keys"][number];

export interface SystemSecretsArguments {
  readonly system: System;
  readonly namespace: string;
  /** Secret values that an operator gave, by key. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
  /** Secret values that components made, by what the system calls their origin. */
  readonly derived: Readonly<Record<string, pulumi.Output<string>>>;
  /**
   * Any text per key; another one generates another value.
   * @default {}
   */
  readonly rotations: Readonly<Record<string, string>>;
  /**
   * Secret: the text of a `.dockerconfigjson` with which images are pulled.
   * @default none: a public registry, or a pull secret that somebody else keeps
   */
  readonly registryCredentials?: pulumi.Output<string>;
}

/** The pull secret that is made of `registryCredentials`. */
const PULL_SECRET = "registry-credentials";

/** The system's own Secrets, under the names that its runbook uses. */
export class SystemSecrets extends Component {
  readonly secrets: Readonly<Record<string, WorkloadSecret>>;
  /** Names of the Secrets with which nodes pull images. */
  readonly pullSecrets: readonly string[];

  constructor(
    name: string,
    args: SystemSecretsArguments,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("platform:SystemSecrets", name, { namespace: args.namespace }, options);
    checkSecrets(name, args);
    this.secrets = Object.fromEntries(
      args.system.secrets.map((secret) => [secret.name, this.createSecret(secret, args)]),
    );
    this.pullSecrets = this.createPullSecret(args);
    this.registerOutputs({ secrets: this.secrets, pullSecrets: this.pullSecrets });
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
    const data = Object.fromEntries(
      secret.keys.map((key) => [key.key, this.value(secret, key, args)]),
    );
    const object = new k8s.core.v1.Secret(
      this.child(secret.name),
      {
        metadata: {
          name: secret.name,
          namespace: args.namespace,
          labels: commonLabels(args.system.id, "secrets"),
        },
        type: "Opaque",
        stringData: data,
      },
      this.options(),
    );
    const checksums = Object.entries(data).map(([key, value]) => [
      key,
      pulumi.secret(value.apply(digest)),
    ]);
    return {
      object,
      checksums: Object.fromEntries(checksums) as WorkloadSecret["checksums"],
    };
  }

  private value(
    secret: Secret,
    { key, source }: SecretKey,
    args: SystemSecretsArguments,
  ): pulumi.Output<string> {
    switch (source.kind) {
      case "given":
        return pulumi.secret(args.given[key] ?? "");
      case "derived":
        return pulumi.secret(args.derived[source.from] ?? "");
      case "generated":
        return new random.RandomPassword(
          this.child(`${secret.name}-${key.toLowerCase().replaceAll("_", "-")}`),
          {
            length: source.length,
            special: false,
            keepers: { rotation: args.rotations[key] ?? "1" },
          },
          this.options(),
        ).result;
    }
  }
}

const digest = (value: string): string => createHash("sha256").update(value).digest("hex");

/** Pure on the keys; values stay unseen. */
export function checkSecrets(
  name: string,
  { system, given, derived }: Pick<SystemSecretsArguments, "system" | "given" | "derived">,
): void {
  for (const secret of system.secrets) {
    for (const { key, source } of secret.keys) {
      const missing =
        (source.kind === "given" && given[key] === undefined) ||
        (source.kind === "derived" && derived[source.from] === undefined);
      if (missing) {
        throw new ComponentError(
          `SystemSecrets ${name}`,
          `${secret.name}.${key}`,
          "missing",
          source.kind === "given" ? "given as secret configuration" : "made by a component",
          `Set runstack:secrets.${key}, or correct the secret's source in the system.`,
        );
      }
    }
  }
}
