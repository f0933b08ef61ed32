import { ALL } from "./keys";
import { isText, type Key } from "./keys/key";
import type { RawSettings } from "./parse";
import { problem } from "./problem";
import { settingsError } from "./sentence";

/** The keys that `Pulumi.yaml` declares, from their texts in the stack's configuration. */
export function rawSettings(get: (name: string) => string | undefined): RawSettings {
  const raw: Record<string, unknown> = {};
  for (const [name, key] of ALL) {
    const value = valueOf(name, key, get(name));
    if (!isEmpty(value)) raw[name] = value;
  }
  return raw;
}

/** `Pulumi.yaml` declares a default for every optional key; an empty one means that the key is not set. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

function valueOf(name: string, key: Key, text: string | undefined): unknown {
  if (text === undefined || text === "" || isText(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw settingsError([
      problem(name, text, "a structured value: use `pulumi config set --path`"),
    ]);
  }
}
