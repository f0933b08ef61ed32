import type * as pulumi from "@pulumi/pulumi";
import { REMOVED_KEYS } from "../lib/removed-keys";
import { ALL } from "./keys";
import { isText } from "./keys/key";
import { parseSettings, type Settings } from "./parse";
import { settingsError } from "./sentence";

/** Reads the keys that `Pulumi.yaml` declares; secrets are read by `givenSecrets`, never here. */
export function readSettings(config: pulumi.Config): Settings {
  const raw: Record<string, unknown> = {};
  for (const [name, key] of ALL) {
    const text = config.get(name);
    const value = text === undefined || text === "" || isText(key) ? text : parseJson(name, text);
    if (!isEmpty(value)) raw[name] = value;
  }
  for (const name of Object.keys(REMOVED_KEYS)) raw[name] = config.get(name);
  return parseSettings(raw);
}

/** `Pulumi.yaml` gives every optional key a default, and the empty one means that it is not set. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw settingsError([
      { key, value: text, allowed: "a structured value: use `pulumi config set --path`" },
    ]);
  }
}
