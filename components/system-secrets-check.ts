import type * as pulumi from "@pulumi/pulumi";
import type { Secret, System } from "../systems/model";
import { enforce, repeated, type Rule } from "./kit/validation";

type SecretKey = Secret["keys"][number];
type Values = Readonly<Record<string, pulumi.Output<string>>>;

/** Key of a data service's derived value: `postgresql.url`. */
export const derivedName = (source: { readonly from: string; readonly part: string }): string =>
  `${source.from}.${source.part}`;

/**
 * A key's name in a secret manager: the runbook's, or the Secret's and the key's names in
 * characters that every manager accepts.
 */
export const remoteName = (secret: string, { key, remote }: SecretKey): string =>
  remote ?? `${secret}-${key}`.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-");

export interface SecretSources {
  readonly system: System;
  readonly given: Values;
  readonly derived: Values;
  readonly adopt?: boolean;
  readonly store?: unknown;
}

/** Checks keys only, never values. Pure. */
export function checkSecrets(name: string, sources: SecretSources): void {
  const { system, adopt = false, store } = sources;
  enforce(`SystemSecrets ${name}`, [
    {
      holds: !adopt || store !== undefined,
      key: "adopt",
      value: "true",
      allowed: "false without a secret manager",
      next: "There is no secret manager to read from: set the secrets as configuration.",
    },
    ...system.secrets.flatMap((secret) =>
      secret.keys.flatMap((key) => sourceRules(secret, key, sources)),
    ),
    remoteRule(system.secrets),
  ]);
}

function sourceRules(
  secret: Secret,
  { key, source }: SecretKey,
  { given, derived, adopt = false }: SecretSources,
): readonly Rule[] {
  const at = `${secret.name}.${key}`;
  if (source.kind === "given") {
    return [
      {
        holds: given[key] !== undefined || adopt,
        key: at,
        value: "missing",
        allowed: "set as secret configuration",
        next: `Set runstack:secrets.${key}, or correct the secret's source in the system.`,
      },
    ];
  }
  if (source.kind !== "derived") return [];
  const known = Object.keys(derived);
  return [
    {
      holds: derived[derivedName(source)] !== undefined,
      key: at,
      value: `made from ${derivedName(source)}`,
      allowed: known.length === 0 ? "made by a component" : `made from one of ${known.join(", ")}`,
      next: "Correct the secret's source in the system.",
    },
  ];
}

/** Keys with the same name would share a value. */
function remoteRule(secrets: readonly Secret[]): Rule {
  const twice = repeated(
    secrets.flatMap(({ name, keys }) => keys.map((key) => remoteName(name, key))),
  );
  return {
    holds: twice.length === 0,
    key: "remote",
    value: `"${twice[0] ?? ""}" twice`,
    allowed: "different for each key",
    next: "Give one of them a `remote` of its own in the system.",
  };
}
