/**
 * Configuration that must be encrypted whatever Pulumi.yaml declares, and finds its plain values. A stack
 * file is committed, so a plain credential in it is compromised as soon as it is pushed.
 */
import { UNKNOWN_VALUE } from "./wire";
import { isYamlMap, type Yaml } from "./yaml-file";

/**
 * Credentials of the providers: keys that their SDKs mark as secret (a test reads them), and the Spaces key,
 * which DigitalOcean's SDK does not mark.
 */
export const CREDENTIALS: ReadonlySet<string> = new Set([
  "aws:accessKey",
  "aws:secretKey",
  "aws:token",
  "digitalocean:spacesAccessId",
  "digitalocean:spacesSecretKey",
  "digitalocean:token",
  "gcp:accessToken",
]);

/** Keys that take a credential or a path to one. Only the path may be plain. */
const CREDENTIAL_OR_PATH: ReadonlySet<string> = new Set([
  "gcp:credentials",
  "kubernetes:kubeconfig",
]);

/** The project's own map of secrets. */
const OWN = "secrets";

/** Whether the key with this value must be a secret. */
export function isSecretKey(key: string, value: Yaml, project: string): boolean {
  if (CREDENTIAL_OR_PATH.has(key)) return typeof value !== "string" || /[\n{]/u.test(value);
  return CREDENTIALS.has(key) || key === `${project}:${OWN}`;
}

/** `{ secure: … }`, as `pulumi config set --secret` writes it. */
export const isEncrypted = (value: Yaml): boolean =>
  isYamlMap(value) && Object.keys(value).join() === "secure" && typeof value["secure"] === "string";

/** Encrypted, or contains something encrypted. */
export function isSecure(value: Yaml): boolean {
  if (Array.isArray(value)) return value.some(isSecure);
  return isEncrypted(value) || (isYamlMap(value) && Object.values(value).some(isSecure));
}

/** The value with the engine's mark for unknowns in place of everything encrypted. */
export function withoutEncrypted(value: Yaml): Yaml {
  if (isEncrypted(value)) return UNKNOWN_VALUE;
  if (Array.isArray(value)) return value.map(withoutEncrypted);
  if (!isYamlMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutEncrypted(inner)]),
  );
}

/** A plain value below a key. */
interface Plain {
  /** Keys of the mappings that lead to it. */
  readonly path: readonly string[];
  /** The same with list indexes, in the form that `pulumi config set --path` accepts after the key. */
  readonly suffix: string;
}

export function plainValues(value: Yaml, path: readonly string[] = [], suffix = ""): Plain[] {
  if (isEncrypted(value)) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: Yaml, index) => plainValues(item, path, `${suffix}[${index}]`));
  }
  if (!isYamlMap(value)) return [{ path, suffix }];
  return Object.entries(value).flatMap(([key, item]) =>
    plainValues(item, [...path, key], suffix + step(key)),
  );
}

const step = (key: string): string =>
  /^[A-Za-z_][\w-]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
