/** Secrets in files: whoever may read the repository reads them, as long as its history is kept. */
import { isDefaultCredential, isPlaceholder, shapeOf } from "./credentials";
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
const CERTIFICATE = /^\s*-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/;

/** Whether a text under that key of a Secret is one, as far as it can be told. */
function isSecret(key: string, text: string): boolean {
  if (shapeOf(text) !== undefined) return true;
  if (CERTIFICATE.test(text) || isPlaceholder(text) || SHORT_NUMBER.test(text)) return false;
  // The policy no-default-credentials says that already.
  if (isDefaultCredential(key, text)) return false;
  // A configuration file is secret for the settings in it.
  if (text.trim().includes("\n")) return secretsIn(key, text).length > 0;
  return !PUBLIC.test(key);
}

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
      "No Secret in a file contains a value, except placeholders, encrypted values, and what is public anyway, such as user names and certificates.",
    remediation:
      "Keep the value in a secret store, and refer to it with an ExternalSecret or a SecretProviderClass, or encrypt the file with SealedSecrets or SOPS; then change the password.",
    enforcement: STRICT_IN_PRODUCTION,
    needs: "file",
    check: each(["kubernetes:core:Secret"], isNotInFile),
  },
];
