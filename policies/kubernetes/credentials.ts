/** What a text gives away: by its form, by the name it stands under, by everyone knowing it. */
import type { Value } from "../values";

/** What the last words of a name say it holds; "secret" alone is the name of one. */
const SECRET_WORDS = new RegExp(
  [
    /(password|passwd|pwd|passphrase)$/,
    // A compass and a bypass end so too, and nginx passes requests on by `proxy_pass`.
    /(^|(?<!proxy) )pass$/,
    /(^| )(token|credentials?|connection ?string|secret ?key ?base)$/,
    /(^| )(api|access|private|secret|signing|shared|encryption|master|session) ?key$/,
    /cli auth$/,
    /(?<! (pull|tls|cert)) secret$/,
  ]
    .map(({ source }) => source)
    .join("|"),
);
/** Names of what only points to a secret, or is computed from one. */
const POINTER =
  /^(existing|checksum|hash|image|secret name)|^(pull|tls|cert) | (ref|name|path|file)$/;
/** Nothing, a switch, a cloud's name of a key, or a reference that somebody fills in. */
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
/** One secret in base64 of 64 begins with a slash too, so names of passwords are not believed. */
const FILE = /^(\/[\w.-]+)+\/?$/;
const NEVER_A_FILE = /(password|secret)$/;

/** Credentials that say by their form what they are; none of these needs a guess about randomness. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  // A password that Kubernetes or a template fills in, `$(NAME)`, is none; nor is a form in a message.
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

/** Which credential a text holds by its form; undefined if none is recognised. */
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

/** Why a text under that name must be a secret; undefined if nothing says so. */
export function suspicion(name: string, text: string): string | undefined {
  if (text === "") return undefined;
  const shape = shapeOf(text);
  if (shape !== undefined) return shape;
  const reported = words(name);
  if (HARMLESS.test(text) || POINTER.test(reported) || !SECRET_WORDS.test(reported))
    return undefined;
  return FILE.test(text) && !NEVER_A_FILE.test(reported) ? undefined : BY_NAME;
}

/** Passwords that come with a product, or with its documentation. */
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

/** Whether a text under that name is a password that everyone tries first. */
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

/** Every text inside a value, with the name it stands under. */
export function* namedTexts(value: Value, name = ""): Generator<NamedText> {
  const { string } = value;
  if (string !== undefined) {
    yield { value, name, text: string };
    return;
  }
  for (const item of value.list()) yield* namedTexts(item, name);
  // An environment variable, and every other pair of a name and a value, is named by its name.
  const pairName = value.get("name").string;
  for (const [key, inner] of value.entries()) {
    yield* namedTexts(inner, key === "value" && pairName !== undefined ? pairName : key);
  }
}
