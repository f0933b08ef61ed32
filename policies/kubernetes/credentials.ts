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
/** "credentials secret" is the Secret that holds the credentials, if the value can be its name. */
const NAMES_A_SECRET =
  /(^| )(credentials?|passwords?|keys?|certs?|certificates?|ca|kubeconfig|registry|docker|existing|storage|backup) secrets?$/;
const OBJECT_NAME = /^[a-z]+(?:[-.][a-z0-9]+)*$/;
/**
 * Names that end in "key" often are a secret's, as those of accounts in clouds, and often not: the value
 * decides.
 */
const MAY_BE_KEY = /(?<!(^| )(public|partition|sort|primary|foreign|host|cache|routing)) key$/;
/** Empty, a boolean, a cloud key's name, or a placeholder that is filled in later. */
const HARMLESS = new RegExp(
  [
    /^(~|null|nil|none|undefined|true|false|yes|no|on|off|enabled|disabled)$/,
    /^(arn:|projects\/|alias\/)/,
    /^(\$[({].*[)}]|\$[a-z_]\w*|\{\{.*\}\}|<.*>)$/,
    // Tags with which a program reads the value itself, as recyclarr and Home Assistant do.
    /^!(env|env_var|secret|vault)\s/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);
/** One in 64 Base64 secrets starts with a slash too, so names of passwords are excluded. */
const FILE = /^(\/[\w.-]+)+\/?$/;
const NEVER_A_FILE = /(password|secret)$/;

/** Different characters that a real one has at least: examples repeat one character, or a few. */
const VARIED = 10;

/** Credentials with a recognizable format; none of these depends on a guess about randomness. */
const SHAPES: readonly (readonly [RegExp, string, least?: number])[] = [
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
  [/\bhv[bsr]\.[\w-]{24,}/, "a Vault token", VARIED],
  [/\bglsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}\b/, "a Grafana token", VARIED],
  [/\bglc_[A-Za-z0-9+/]{32,}/, "a Grafana token", VARIED],
  [/\bgl(?:ptt|rt|dt|cbt|ft|soat)-[\w-]{20,}/, "a GitLab token", VARIED],
  [
    /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/%=]{32,}/i,
    "an Azure connection string",
    VARIED,
  ],
  [
    /[?&]sv=\d{4}-\d\d-\d\d&[^\s"']*\bsig=[A-Za-z0-9%+/=]{32,}/,
    "an Azure access signature",
    VARIED,
  ],
  [/\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{34}/, "an Azure client secret", VARIED],
  [/\bhf_[A-Za-z]{34}\b/, "a Hugging Face token", VARIED],
  [/\bya29\.[\w-]{20,}/, "a Google access token", VARIED],
  [/\bGOCSPX-[\w-]{28}\b/, "a Google client secret", VARIED],
  [/\bdckr_pat_[\w-]{27}/, "a Docker Hub token", VARIED],
  [/\bpypi-AgE[\w-]{50,}/, "a PyPI token", VARIED],
  [/\brubygems_[0-9a-f]{48}\b/, "a RubyGems token", VARIED],
  [/\bATATT3[\w=-]{60,}/, "an Atlassian token", VARIED],
  [/\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+/i, "a Slack token", VARIED],
  [/\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/, "a Shopify token", VARIED],
  [/\bdapi[0-9a-f]{32}\b/, "a Databricks token", VARIED],
  [/\bsntry[su]_[\w+/=-]{40,}/, "a Sentry token", VARIED],
  [/\bNRAK-[A-Z0-9]{27}\b/, "a New Relic key", VARIED],
  [/\bpul-[0-9a-f]{40}\b/, "a Pulumi token", VARIED],
  [/\bdp\.(?:pt|st|sa|ct)\.[A-Za-z0-9.]{40,}/, "a Doppler token", VARIED],
  [/\bLTAI[A-Za-z0-9]{17,21}\b/, "an Alibaba access key", VARIED],
  [/\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/, "a private key", VARIED],
];

/** The credential that a text contains, by format; undefined if none is recognized. */
export function shapeOf(text: string): string | undefined {
  return SHAPES.find(([pattern, , least = 0]) => {
    const [found] = pattern.exec(text) ?? [];
    if (found === undefined) return false;
    // Without the part that all of them start with.
    return new Set(found.slice(found.search(/[=_.-]/) + 1)).size >= least;
  })?.[1];
}

/** At least 16 letters and digits without order, as keys are: no word, address or name. */
export function isRandom(text: string): boolean {
  if (!/^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_=-]{16,}$/.test(text)) return false;
  // Capitals at the starts of words, and digits at their ends, are what names have.
  const changes = text.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g) ?? [];
  return new Set(text).size >= VARIED && changes.length * 5 >= text.length;
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
  if (HARMLESS.test(text) || POINTER.test(reported)) return undefined;
  if (NAMES_A_SECRET.test(reported) && OBJECT_NAME.test(text)) return undefined;
  if (!SECRET_WORDS.test(reported))
    return MAY_BE_KEY.test(reported) && isRandom(text) ? BY_NAME : undefined;
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

const LONGEST = Math.max(...[...WELL_KNOWN].map((word) => word.length));

const isWellKnown = (text: string): boolean =>
  text.length <= LONGEST &&
  WELL_KNOWN.has(text.toLowerCase().replace(/^change[-_ ]me!?$/, "changeme"));

/** Whether a text of that name is a well-known default password. */
export function isDefaultCredential(name: string, text: string): boolean {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:([^/?#\s@]+)@/i.exec(text)?.[1];
  if (password !== undefined) return isWellKnown(password);
  return isWellKnown(text) && suspicion(name, text) !== undefined;
}

/** Encrypted, or filled in later by the tool that the text is for. */
const ELSEWHERE = /^(ENC\[|vault:|ref\+|op:\/\/|awssm:|gcpsm:|azurekv:)|<path:|@@[\w.-]+@@/i;
/** What examples have in place of a value. */
const EXAMPLE =
  /^[x*.…-]+$|(?<![a-z0-9])(?:replace|change[-_ ]?me|placeholder|example|dummy|redacted|sample|secret[-_ ]goes[-_ ]here|(?:insert|your|todo|fake)(?![a-z0-9]))/i;
/** How AWS ends the keys in its documentation. */
const OF_AWS = /EXAMPLE(?:KEY)?$/;

/** Whether a text is empty, or stands for a value that is written elsewhere. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  const isOther = [HARMLESS, ELSEWHERE, OF_AWS].some((pattern) => pattern.test(trimmed));
  // A word of an example may also be a part of a real value.
  const isExample = EXAMPLE.test(trimmed) && !isRandom(trimmed);
  return trimmed === "" || isOther || isExample || /\$\{\w+\}|\{\{.*\}\}|\$\(\w+\)/.test(trimmed);
}

interface NamedText {
  readonly value: Value;
  readonly name: string;
  readonly text: string;
}

/** Every string inside a value, with its name. */
export function namedTexts(value: Value, name = ""): readonly NamedText[] {
  const found: NamedText[] = [];
  collect(value, name, found);
  return found;
}

function collect(value: Value, name: string, found: NamedText[]): void {
  const { string } = value;
  if (string !== undefined) {
    found.push({ value, name, text: string });
    return;
  }
  for (const item of value.list()) collect(item, name, found);
  if (!value.isMap) return;
  // Environment variables, and other name/value pairs, are named by their `name`.
  const pairName = value.get("name").string;
  for (const [key, inner] of value.entries()) {
    collect(inner, key === "value" && pairName !== undefined ? pairName : key, found);
  }
}
