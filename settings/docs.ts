/**
 * Documentation of the configuration keys: the `config:` block of Pulumi.yaml, and docs/configuration.md.
 */
import { stringify } from "yaml";
import { z } from "zod";
import { PROFILES } from "./clouds";
import { THEMES } from "./keys";
import { isText, type Key } from "./keys/key";

const MANAGED_BY = "# Written by `npm run -s docs` from settings/keys/.";

/** Pulumi.yaml with its last block, `config:`, generated from the keys. */
export function withConfigBlock(project: string): string {
  const [before = ""] = project.split(`\n${MANAGED_BY}\n`);
  const entries = THEMES.flatMap(([, keys]) => Object.entries(keys)).flatMap(entry);
  return [
    before,
    MANAGED_BY,
    "# A key without a default must be set. An empty default means that the key is not set.",
    "config:",
    ...entries,
    "",
  ].join("\n");
}

const entry = ([name, key]: [string, Key]): readonly string[] => [
  `  ${name}:`,
  `    type: ${typeOf(key.schema)}`,
  ...(key.schema instanceof z.ZodArray
    ? ["    items:", `      type: ${typeOf(key.schema.element as z.ZodType)}`]
    : []),
  `    description: ${JSON.stringify(describe(key, (text) => text))}`,
  ...(key.presence === "required" ? [] : [`    default: ${JSON.stringify(declaredDefault(key))}`]),
];

/**
 * Pulumi's name for the type. Only strings can be empty, so an optional number is declared as a string.
 */
function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray) return "array";
  if (schema instanceof z.ZodBoolean) return "boolean";
  return isText({ schema }) || schema instanceof z.ZodNumber ? "string" : "object";
}

function declaredDefault(key: Key): unknown {
  const constant = constantOf(key);
  if (constant !== undefined) return constant;
  return { array: [], object: {} }[typeOf(key.schema)] ?? "";
}

const constantOf = (key: Key): unknown =>
  key.byCloud ? undefined : key.fallback(PROFILES.existing);

/** What the key is, where it has an effect, its notes and its default. `code` formats values. */
export function describe(key: Key, code: (text: string) => string): string {
  const { doc, unit, only, note, schema } = key;
  const known = defaultText(key, code);
  return [
    `${doc}${unit === undefined ? "" : `, in ${unit}`}.`,
    ...(schema instanceof z.ZodEnum
      ? [`One of ${schema.options.map(String).map(code).join(", ")}.`]
      : []),
    ...(only === undefined ? [] : [`Only ${only.where}.`]),
    ...(note === undefined ? [] : [note]),
    ...(known === undefined ? [] : [`Default: ${known}.`]),
  ].join(" ");
}

function defaultText(key: Key, code: (text: string) => string): string | undefined {
  if (key.byCloud) {
    const known = Object.entries(PROFILES).flatMap(([cloud, profile]) => {
      const value = String(key.fallback(profile));
      return value === "" ? [] : [{ cloud, value: code(value) }];
    });
    return new Set(known.map(({ value }) => value)).size === 1
      ? known[0]?.value
      : known.map(({ cloud, value }) => `${value} on ${cloud}`).join(", ");
  }
  const constant = constantOf(key);
  return (
    key.otherwise ??
    (typeof constant === "string" || typeof constant === "boolean"
      ? code(String(constant))
      : undefined)
  );
}

const inline = (value: unknown): string =>
  stringify(value, { collectionStyle: "flow", lineWidth: 0 })
    .trim()
    .replaceAll("[ ", "[")
    .replaceAll(" ]", "]");

/** docs/configuration.md: every key by theme, with an example as in a stack file. */
export function configurationPage(): string {
  const item = ([name, key]: [string, Key]) =>
    [
      `- **\`${name}\`**${key.presence === "required" ? " (required)" : ""}: `,
      describe(key, (text) => `\`${text}\``),
      ` Example: \`${name}: ${inline(key.example)}\``,
    ].join("");
  return [
    "# Configuration",
    "",
    "<!-- Written by `npm run -s docs` from settings/keys/. -->",
    "",
    "These are the keys of a stack file, `Pulumi.STACK.yaml`, each with the prefix `runstack:`. Set them by hand or with",
    "`pulumi config set`. A key that is unknown, malformed, encrypted, or has no effect in the stack is refused.",
    "",
    ...THEMES.flatMap(([title, keys]) => [
      `## ${title}`,
      "",
      ...Object.entries(keys).map(item),
      "",
    ]),
  ].join("\n");
}
