import * as pulumi from "@pulumi/pulumi";
import { nearest } from "../lib/words";
import type { GivenSecret } from "../settings/secrets";

/**
 * The secrets from the configuration, by key. In a preview or plan, one that is missing or cannot be
 * decrypted is an unknown secret; an `up` fails if one is missing.
 *
 * @throws RunError that names each missing key and how to set it, but no value.
 */
export function givenSecrets(
  config: pulumi.Config,
  required: readonly GivenSecret[],
  dryRun: boolean,
): Readonly<Record<string, pulumi.Output<string>>> {
  const given = readGiven(config);
  refuseUnknown(Object.keys(given), required);
  const absent = ({ key }: GivenSecret) =>
    given[key] !== pulumi.unknown && (typeof given[key] !== "string" || given[key] === "");
  const missing = required.filter((secret) => secret.optional !== true && absent(secret));
  if (missing.length > 0 && !dryRun) {
    throw new pulumi.RunError(
      missing
        .map(
          ({ key, what }) =>
            `runstack:secrets.${key} is not set, but is required (${what}). ` +
            `Set it with: pulumi config set --secret --path 'runstack:secrets.${key}'`,
        )
        .join("\n"),
    );
  }
  return Object.fromEntries(
    required
      .filter((secret) => secret.optional !== true || !absent(secret))
      .map(({ key }) => [
        key,
        pulumi.secret(given[key] ?? pulumi.unknown) as pulumi.Output<string>,
      ]),
  );
}

/** A typo in a key would otherwise be reported only as a missing key, and only at the next `up`. */
function refuseUnknown(given: readonly string[], required: readonly GivenSecret[]): void {
  const known = required.map(({ key }) => key);
  const unknown = given.filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new pulumi.RunError(
    unknown
      .map((key) => {
        const near = nearest(key, known);
        const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
        return (
          `runstack:secrets.${key} is not a secret of this stack, which are ${known.join(", ")}${hint}. ` +
          `Remove it with: pulumi config rm --path 'runstack:secrets.${key}'`
        );
      })
      .join("\n"),
  );
}

/**
 * Read without `getObject`, which warns about a secret that is read as text; here it stays secret.
 */
function readGiven(config: pulumi.Config): Readonly<Record<string, unknown>> {
  const text = pulumi.runtime.getConfig(`${config.name}:secrets`);
  if (text === undefined) return {};
  const parsed = parse(text);
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
    checkEncrypted(`${config.name}:secrets`, Object.keys(parsed));
    return Object.fromEntries(
      Object.entries(parsed).map(([key, value]) => [
        key,
        value === pulumi.runtime.unknownValue ? pulumi.unknown : value,
      ]),
    );
  }
  throw new pulumi.RunError(
    "runstack:secrets is not a map from key to secret. Set each secret by itself: " +
      "pulumi config set --secret --path 'runstack:secrets.KEY'",
  );
}

/** `JSON.parse` quotes the invalid text, which would be a secret. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A secret that was set without `--secret` is readable by everyone in the stack file. */
function checkEncrypted(key: string, names: readonly string[]): void {
  // Exported but missing from the SDK's types. If it disappears, the check is skipped.
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  if (names.length === 0 || (runtime.isConfigSecret?.(key) ?? true)) return;
  throw new pulumi.RunError(
    `${key} is plain text, but must be encrypted. Change the values of ${names.join(", ")}, which ` +
      `have been readable, and set each with: pulumi config set --secret --path '${key}.KEY'`,
  );
}
