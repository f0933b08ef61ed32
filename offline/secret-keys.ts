/**
 * Configuration that must be encrypted whatever Pulumi.yaml declares, and what of it is plain.
 * A stack file is committed: a plain credential in it is lost the moment it is pushed.
 */
import { isYamlMap, type Yaml } from "./yaml-file";

/**
 * Credentials of the providers: what their SDKs mark as secret (a test reads them), and the Spaces
 * key, which DigitalOcean's SDK does not mark.
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

/** Keys that take a credential or the path to one; only the path may be plain. */
const CREDENTIAL_OR_PATH: ReadonlySet<string> = new Set([
  "gcp:credentials",
  "kubernetes:kubeconfig",
]);

/** The map of a project's own secrets. */
const OWN = "secrets";

/** Whether the key, with this value, belongs among the secrets. */
export function isSecretKey(key: string, value: Yaml, project: string): boolean {
  if (CREDENTIAL_OR_PATH.has(key)) return typeof value !== "string" || /[\n{]/u.test(value);
  return CREDENTIALS.has(key) || key === `${project}:${OWN}`;
}

/** `{ secure: … }`, as `pulumi config set --secret` writes it. */
export const isEncrypted = (value: Yaml): boolean =>
  isYamlMap(value) && Object.keys(value).join() === "secure" && typeof value["secure"] === "string";

/** A plain value below a key. */
interface Plain {
  /** Keys of mappings that lead to it from there. */
  readonly path: readonly string[];
  /** The same, with indexes of lists, as `pulumi config set --path` takes it after the key. */
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
