/** Secrets in files: whoever may read the repository reads them, as long as its history is kept. */
import { isDefaultCredential, isPlaceholder, isRandom, shapeOf } from "./credentials";
import { secretsIn } from "./plain-secrets";
import { each, type Check } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../policy";
import type { Value } from "../values";

/** Keys of a Secret that are part of a login, but no secret. */
const PUBLIC =
  /^(user(name)?|login|account|host(name)?|port|url|uri|endpoint|server|address|database|db(_?name)?|namespace|type|name|project|region|bucket|email|client_?id|tenant_?id|fingerprint|known_hosts|ciphers|dhparam(\.pem)?|.*\.(crt|cert|pub|ca)|cert|ca|.*(name|endpoint|address)|.*[_-](user|host|port|url|uri|id|region|bucket|db))$/i;
/** Ports, flags and the like. */
const SHORT_NUMBER = /^\d{1,5}$/;
/** The last words of keys of a Secret whose value is one; elsewhere some of them say too little. */
const SECRET_KEY =
  /(^|[^a-z])(passw(or)?d|pwd?|pass(phrase|code)?|secrets?|tokens?|credentials?|auth|salt|pin|otp|seed|dsn|htpasswd|dockerc(onfigjson|fg)|kubeconfig|(?<!(public|partition|sort|primary|foreign|host|cache|routing)[^a-z]?)keys?)[^a-z]*$/;
/** Key stores are binary. */
const KEY_STORE = /\.(jks|p12|pfx|keystore|keytab)$/i;
const SETTINGS_FILE = /\.(json|ya?ml|toml|txt|conf|cfg|ini|env|properties)$/i;
/** Letters of both cases mixed with digits, or many of the digits of hexadecimal numbers. */
const GENERATED = /^(?=.*[a-z])(?=.*[A-Z])(?=(?:.*\d){2})[^\s:/.,@]{8,}$|^[0-9a-f]{32,}$/;
const CERTIFICATE = /^\s*-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/;

/** Whether a text under that key of a Secret is one, as far as it can be told. */
function isSecret(key: string, text: string): boolean {
  if (shapeOf(text) !== undefined) return true;
  if (CERTIFICATE.test(text) || isPlaceholder(text) || SHORT_NUMBER.test(text)) return false;
  // The policy no-default-credentials says that already.
  if (isDefaultCredential(key, text)) return false;
  // A configuration file is secret for the settings in it.
  if (text.trim().includes("\n")) return secretsIn(key, text).length > 0;
  if (KEY_STORE.test(key) || secretsIn(key, text).length > 0) return true;
  return !PUBLIC.test(key) && (hasSecretName(key) || isGenerated(text));
}

/** `dbPassword`, `DB_PASSWORD` and `db-password.txt` alike. */
const hasSecretName = (key: string): boolean =>
  SECRET_KEY.test(
    key
      .replace(SETTINGS_FILE, "")
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase(),
  );

const isGenerated = (text: string): boolean => isRandom(text) || GENERATED.test(text.trim());

function secretsOf(field: Value, decode: (text: string) => string): readonly Value[] {
  return field
    .entries()
    .filter(([key, value]) => value.string !== undefined && isSecret(key, decode(value.string)))
    .map(([, value]) => value);
}

function isNotInFile({ resource, context }: Check): void {
  const { props } = resource;
  // SOPS encrypts the values, and says so beside them.
  if (!props.get("sops").isMissing) return;
  const [data, plain] = [props.get("data"), props.get("stringData")];
  for (const value of [data, plain, ...[data, plain].flatMap((it) => it.unknowns())]) {
    context.noteUnknown(value, resource.urn);
  }
  const found = [
    ...secretsOf(data, (text) => Buffer.from(text, "base64").toString("utf8")),
    ...secretsOf(plain, (text) => text),
  ];
  const [first, ...others] = found;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` and ${others.map(({ path }) => path).join(", ")}`;
  const verb = others.length === 0 ? "is" : "are";
  context.report({
    message: `${nameOf(resource)}: ${first.path}${more} ${verb} written in this file, and Base64 does not protect it; take it out and replace it where it is used: it stays in the repository's history.`,
    at: first.keys,
  });
}

export const secretFiles: readonly Policy[] = [
  {
    name: "secret-not-in-file",
    title: "Secrets are not in files",
    clause: {
      reference: "PO-03; ALL-07",
      url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    },
    severity: "critical",
    themes: ["secrets"],
    prevents: "Everyone who may read the repository, now or later, can read the password.",
    description:
      "No Secret in a file contains a value whose key names a secret, or that has the form of one; placeholders and encrypted values are none.",
    remediation:
      "Keep the value in a secret store, and refer to it with an ExternalSecret or a SecretProviderClass, or encrypt the file with SealedSecrets or SOPS; then change the password.",
    enforcement: STRICT_IN_PRODUCTION,
    needs: "file",
    check: each(["kubernetes:core:Secret"], isNotInFile),
  },
];
