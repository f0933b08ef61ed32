/**
 * Values that are secret but not marked so: Pulumi keeps them in plain text in the state.
 *
 * A provider may widen a mark, as the Kubernetes provider does to a whole list for one secret in it;
 * the engine then encrypts all of it, and the policy accepts that too.
 */
import type { Context, Policy, Subject } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf, typeKey } from "../policy";
import type { Value } from "../values";

/** What the last words of a name say it holds; "secret" alone is the name of one. */
const SECRET_WORDS =
  /(^| )(password|passwd|passphrase|token|credentials?|(api|access|private|secret|signing|shared) ?key|connection ?string)$|(?<! (pull|tls|cert)) secret$/;
/** Names of what only points to a secret, or is computed from one. */
const POINTER =
  /^(existing|checksum|hash|image|secret name)|^(pull|tls|cert) | (ref|name|path|file)$/;
/** A file, a switch, or a reference that Kubernetes or a chart fills in. */
const HARMLESS = /^(\/|true$|false$|\$[({].*[)}]$|\{\{.*\}\}$)/;
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  // A password that Kubernetes fills in, `$(NAME)`, is none.
  [/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^$/?#\s@][^/?#\s@]*@/i, "a URL with a password"],
  [/\b(client-key-data|token)["']?\s*:\s*["']?[\w.~+/=-]{16}/, "a kubeconfig with a credential"],
];
const WRAP = "wrap it in pulumi.secret, or read it from the stack with requireSecret";

/** `dbPassword`, `DB_PASSWORD` and `db-password` are all "db password". */
function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
}

/** Why a text under that name must be a secret; undefined if nothing says so. */
export function suspicion(name: string, text: string): string | undefined {
  if (text === "") return undefined;
  const shape = SHAPES.find(([pattern]) => pattern.test(text));
  if (shape !== undefined) return shape[1];
  const said = words(name);
  if (HARMLESS.test(text) || POINTER.test(said) || !SECRET_WORDS.test(said)) return undefined;
  return "a secret by its name";
}

/** In Kubernetes objects `secretKey` names a key of a Secret; elsewhere it is half of a login. */
const isKeyName = (resource: Subject, name: string): boolean =>
  name === "secretKey" && resource.type.startsWith("kubernetes:");

function reportPlain(resource: Subject, value: Value, what: string, context: Context): void {
  if (value.isSecret) return;
  // The value itself is what must not be shown.
  context.report(`${nameOf(resource)}: ${value.path} holds ${what} in plain text; ${WRAP}.`);
}

/** Every text of a resource, with the name it stands under. */
function search(resource: Subject, value: Value, name: string, context: Context): void {
  const { text } = value;
  if (text !== undefined) {
    const what = isKeyName(resource, name) ? undefined : suspicion(name, text);
    if (what !== undefined) reportPlain(resource, value, what, context);
    return;
  }
  for (const item of value.list()) search(resource, item, name, context);
  const entries = value.entries();
  // An environment variable, and every other pair of a name and a value, is named by its name.
  const pairName = value.get("name").text;
  for (const [key, inner] of entries) {
    const called = key === "value" && pairName !== undefined ? pairName : key;
    search(resource, inner, called, context);
  }
}

function secretData(resource: Subject, context: Context): void {
  for (const field of ["data", "stringData"]) {
    const value = resource.props.get(field);
    if (value.entries().length === 0 || value.isSecret) continue;
    for (const [, item] of value.entries()) {
      if (!item.isUnknown) reportPlain(resource, item, "a key of a Secret", context);
    }
  }
}

export const secrets: readonly Policy[] = [
  {
    name: "secret-not-plain",
    title: "Secrets are marked as secret",
    clause: {
      reference: "PO-03; ALL-07",
      url: "https://www.pulumi.com/docs/iac/concepts/secrets/",
    },
    severity: "critical",
    themes: ["secrets"],
    prevents: "A password lies in plain text in the state, in previews and in logs.",
    description:
      "Inputs that are secret by name or by form, and the data of Kubernetes Secrets, are marked as secret.",
    remediation:
      "Wrap the value in pulumi.secret or read it with requireSecret; give it to a container by valueFrom.secretKeyRef instead of value.",
    enforcement: STRICT_IN_PRODUCTION,
    check: {
      kind: "resource",
      types: "every",
      run: (resource, context) => {
        if (typeKey(resource.type) === "kubernetes:core:Secret") secretData(resource, context);
        else search(resource, resource.props, "", context);
      },
    },
  },
];
