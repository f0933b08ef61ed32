import * as pulumi from "@pulumi/pulumi";
import { REMOVED_KEYS } from "../lib/removed-keys";
import { list, nearest } from "../lib/words";
import { ALL, THEMES } from "./keys";
import { parseSettings, type RawSettings, type Settings } from "./parse";
import { problem, type SettingsProblem } from "./problem";
import { rawSettings } from "./raw";
import { settingsError } from "./sentence";

/** Of `pulumi.Config`, what is used here. */
interface Texts {
  readonly name: string;
  readonly get: (key: string) => string | undefined;
}

/** Reads the keys that `Pulumi.yaml` declares; secrets are read by `givenSecrets`, never here. */
export function readSettings(config: Texts): Settings {
  const problems = [...unknownKeys(config.name), ...encryptedKeys(config.name)];
  if (problems.length > 0) throw settingsError(problems);
  return parseSettings({ ...rawSettings((name) => config.get(name)), ...removed(config) });
}

const removed = (config: Texts): RawSettings =>
  Object.fromEntries(Object.keys(REMOVED_KEYS).map((name) => [name, config.get(name)]));

/** The SDK exports this function but omits it from its types. Without it, nothing counts as encrypted. */
function isEncrypted(key: string): boolean {
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) ?? false;
}

/** They decide what the environment consists of, and a plan has no credentials to decrypt them. */
const encryptedKeys = (project: string): readonly SettingsProblem[] =>
  ALL.filter(([name]) => isEncrypted(`${project}:${name}`)).map(([name]) =>
    problem(name, "[encrypted]", "plain text, which a plan without credentials can read"),
  );

/** A misspelt key would silently leave the intended one at its default. */
function unknownKeys(project: string): readonly SettingsProblem[] {
  const known = THEMES.flatMap(([, keys]) => Object.keys(keys));
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => key.slice(project.length + 1))
    .filter((name) => !known.includes(name) && !(name in REMOVED_KEYS))
    .map((name) => {
      const near = nearest(name, known);
      const hint = near === undefined ? "" : ` (did you mean ${list([near])}?)`;
      return problem(name, "[a value]", `not set: this key does not exist${hint}`);
    });
}
