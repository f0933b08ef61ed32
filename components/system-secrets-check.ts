import type * as pulumi from "@pulumi/pulumi";
import type { Secret, System } from "../systems/model";
import { ComponentError } from "./kit/component";

type SecretKey = Secret["keys"][number];
type Values = Readonly<Record<string, pulumi.Output<string>>>;

/** How a part of a data service is called among the derived values: `postgresql.url`. */
export const derivedName = (source: { readonly from: string; readonly part: string }): string =>
  `${source.from}.${source.part}`;

/**
 * A key's name in a secret manager: the runbook's, or the names of secret and key in what every
 * manager takes.
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

/** Pure on the keys; values stay unseen. */
export function checkSecrets(name: string, sources: SecretSources): void {
  const component = `SystemSecrets ${name}`;
  const { system, adopt = false, store } = sources;
  if (adopt && store === undefined) {
    throw new ComponentError(
      component,
      "adopt",
      "true",
      "false without a secret manager",
      "There is nothing from which secrets could be taken: give them as configuration.",
    );
  }
  for (const secret of system.secrets) {
    for (const key of secret.keys) checkSource(component, secret, key, sources);
  }
  checkRemotes(component, system.secrets);
}

function checkSource(
  component: string,
  secret: Secret,
  { key, source }: SecretKey,
  { given, derived, adopt = false }: SecretSources,
): void {
  const at = `${secret.name}.${key}`;
  if (source.kind === "given" && given[key] === undefined && !adopt) {
    throw new ComponentError(
      component,
      at,
      "missing",
      "given as secret configuration",
      `Set runstack:secrets.${key}, or correct the secret's source in the system.`,
    );
  }
  if (source.kind === "derived" && derived[derivedName(source)] === undefined) {
    const known = Object.keys(derived);
    throw new ComponentError(
      component,
      at,
      `made from ${derivedName(source)}`,
      known.length === 0 ? "made by a component" : `made from one of ${known.join(", ")}`,
      "Correct the secret's source in the system.",
    );
  }
}

/** One name would be one value. */
function checkRemotes(component: string, secrets: readonly Secret[]): void {
  const names = secrets.flatMap(({ name, keys }) => keys.map((key) => remoteName(name, key)));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new ComponentError(
    component,
    "remote",
    `"${twice}" twice`,
    "different for each key",
    "Give one of them a `remote` of its own in the system.",
  );
}
