/** Detects credentials in text: by format, by name, or because the password is well known. */
import type { Value } from "../values";

/** The last words of names that hold credentials; "secret" alone is usually a secret's name. */
const SECRET_WORDS = new RegExp(
  [
    /(password|passwd|pwd|passphrase)$/,
    // Excludes words such as compass and bypass, and nginx's `proxy_pass`.
    /(^|(?<!proxy) )pass$/,
    /(^| )(token|credentials?|connection ?string|secret ?key ?base)$/,
    /(^| )(api|access|private|secret|signing|shared|encryption|master|session) ?key$/,
    /cli auth$/,
    /(?<! (pull|tls|cert)) secret$/,
  ]
    .map(({ source }) => source)
    .join("|"),
);
/** Names of references to a secret, or of values computed from one. */
const POINTER =
  /^(existing|checksum|hash|image|secret name)|^(pull|tls|cert) | (ref|name|path|file)$/;
/** Empty, a boolean, a cloud key's name, or a placeholder that is filled in later. */
const HARMLESS = new RegExp(
  [
    /^(~|null|nil|none|undefined|true|false|yes|no|on|off|enabled|disabled)$/,
    /^(arn:|projects\/|alias\/)/,
    /^(\$[({].*[)}]|\$[a-z_]\w*|\{\{.*\}\}|<.*>)$/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);
/** One in 64 Base64 secrets starts with a slash too, so names of passwords are excluded. */
const FILE = /^(\/[\w.-]+)+\/?$/;
const NEVER_A_FILE = /(password|secret)$/;

/** Credentials with a recognizable format; none of these depends on a guess about randomness. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  // Excludes placeholders such as `$(NAME)`, and examples in messages.
  [
    /\b[a-z][a-z0-9+.-]*:\/\/(?!user:password@)[^/?#\s:@"'{]*:[^$/?#\s@{<"'][^/?#\s@"']*@/i,
    "a URL with a password",
  ],
  [
    /\b(server|host|data source|user id|user|dbname)=[^\n]*\b(password|pwd)=[^;\s${<"']/i,
    "a connection string with a password",
  ],
  [/\b(client-key-data|token)["']?\s*:\s*["']?[\w.~+/=-]{16}/, "a kubeconfig with a credential"],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key"],
  [/\b(gh[opsru]_[A-Za-z0-9]{36}|github_pat_\w{22})/, "a GitHub token"],
  [/\bglpat-[\w-]{20}/, "a GitLab token"],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10}/, "a Slack token"],
  [/\bhooks\.slack\.com\/services\/\w+\/\w+\/\w/, "a Slack webhook"],
  [/\b[rs]k_(live|test)_[A-Za-z0-9]{16}/, "a Stripe key"],
  [/\bAIza[\w-]{35}/, "a Google API key"],
  [/\bdo[opr]_v1_[0-9a-f]{64}/, "a DigitalOcean token"],
  [/\bSG\.[\w-]{22}\.[\w-]{43}/, "a SendGrid key"],
  [/\bsk-[\w-]{32}/, "a key for a model API"],
  [/\bnpm_[A-Za-z0-9]{36}/, "an npm token"],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8}/, "a JSON Web Token"],
];

/** The credential that a text contains, by format; undefined if none is recognized. */
export function shapeOf(text: string): string | undefined {
  return SHAPES.find(([pattern]) => pattern.test(text))?.[1];
}

/** `dbPassword`, `DB_PASSWORD` and `db-password` are all "db password". */
function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
}

export const BY_NAME = "a likely secret (by its name)";

/** Why a text of that name must be a secret; undefined if nothing indicates it. */
export function suspicion(name: string, text: string): string | undefined {
  if (text === "") return undefined;
  const shape = shapeOf(text);
  if (shape !== undefined) return shape;
  const reported = words(name);
  if (HARMLESS.test(text) || POINTER.test(reported) || !SECRET_WORDS.test(reported))
    return undefined;
  return FILE.test(text) && !NEVER_A_FILE.test(reported) ? undefined : BY_NAME;
}

/** Default passwords of products or their documentation. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  "123456",
  "12345678",
  "admin",
  "admin123",
  "changeit",
  "changeme",
  "default",
  "elastic",
  "example",
  "grafana",
  "guest",
  "keycloak",
  "letmein",
  "minio",
  "minio123",
  "minioadmin",
  "mysecretpassword",
  "mysql",
  "pass",
  "passw0rd",
  "password",
  "password123",
  "postgres",
  "prom-operator",
  "rabbitmq",
  "redis",
  "root",
  "secret",
  "test",
]);

const isWellKnown = (text: string): boolean =>
  WELL_KNOWN.has(text.toLowerCase().replace(/^change[-_ ]me!?$/, "changeme"));

/** Whether a text of that name is a well-known default password. */
export function isDefaultCredential(name: string, text: string): boolean {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:([^/?#\s@]+)@/i.exec(text)?.[1];
  if (password !== undefined) return isWellKnown(password);
  return isWellKnown(text) && suspicion(name, text) !== undefined;
}

interface NamedText {
  readonly value: Value;
  readonly name: string;
  readonly text: string;
}

/** Every string inside a value, with its name. */
export function* namedTexts(value: Value, name = ""): Generator<NamedText> {
  const { string } = value;
  if (string !== undefined) {
    yield { value, name, text: string };
    return;
  }
  for (const item of value.list()) yield* namedTexts(item, name);
  // Environment variables, and other name/value pairs, are named by their `name`.
  const pairName = value.get("name").string;
  for (const [key, inner] of value.entries()) {
    yield* namedTexts(inner, key === "value" && pairName !== undefined ? pairName : key);
  }
}
