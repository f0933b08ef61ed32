/**
 * Credentials in plain text: Kubernetes protects Secrets, and nothing else. Marking a value as
 * secret in the program does not help, because the object itself contains the text.
 */
import {
  BY_NAME,
  isDefaultCredential,
  isRandom,
  namedTexts,
  shapeOf,
  suspicion,
} from "./credentials";
import { POD_KINDS } from "./objects";
import { eachContainer } from "./pods";
import { each, type Check } from "../expect";
import type { Policy, Resource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf, typeKey } from "../policy";
import { Value } from "../values";

const SECRETS_DOCS = "https://kubernetes.io/docs/concepts/configuration/secret/";
const CONFIG_MAP = "kubernetes:core:ConfigMap";
const SECRET = "kubernetes:core:Secret";

interface Place extends Check {
  /** What to use instead. */
  readonly expected: string;
}

/** The value itself must not be shown. */
function reportPlain(
  { resource, context, expected, part }: Place,
  value: Value,
  what: string,
): void {
  const who = part === undefined ? nameOf(resource) : `${nameOf(resource)}, ${part}`;
  const message = `${who}: ${value.path} holds ${what}; ${expected}.`;
  context.report({ message, at: value.keys }, resource.urn);
}

function environment(place: Place, container: Value): void {
  const env = container.get("env");
  place.context.noteUnknown(env);
  for (const variable of env.list()) {
    const value = variable.get("value");
    const name = variable.get("name");
    if (place.context.noteUnknown(name) || place.context.noteUnknown(value)) continue;
    if (value.string === undefined) continue;
    const what = suspicion(name.string ?? "", value.string);
    if (what !== undefined) reportPlain(place, value, what);
  }
}

/** `--password=x`, `--password x`, and recognizable credentials anywhere in a command. */
function commandLine(place: Place, words: Value): void {
  place.context.noteUnknown(words);
  let flag = "";
  for (const word of words.list()) {
    const text = word.string ?? "";
    const [, name = "", inline] = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(text) ?? [];
    const what = inline === undefined ? suspicion(flag, text) : suspicion(name, inline);
    if (what !== undefined && !(inline === undefined && name !== ""))
      reportPlain(place, word, what);
    flag = inline === undefined ? name : "";
  }
}

const containersArePlain = eachContainer((check, container) => {
  const expected = "put it in a Secret and pass it with valueFrom.secretKeyRef or a volume";
  const place = { ...check, expected };
  environment(place, container);
  commandLine(place, container.get("command"));
  commandLine(place, container.get("args"));
});

/**
 * `key: value` and `key = value`, as in most configuration files, except shell or template
 * placeholders.
 */
const ASSIGNMENT =
  /^\s*(?:export\s+)?["']?([\w.-]+)["']?\s*[:=]\s*["']?([^\s"',;#$`{<][^\s"',;#]*)/;

/** The start of a text over several lines, and a call in a program. */
const NO_VALUE = /^[|>][-+\d]*$|^[\w.]+\(/;

interface Setting {
  readonly name: string;
  readonly text: string;
}

/** The settings in a JSON file; undefined if it is not JSON. */
function settingsOfJson(text: string): readonly Setting[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    // A number may be a password as well.
    const parsed = JSON.parse(text, (_, value: unknown) =>
      typeof value === "number" ? String(value) : value,
    ) as object;
    return namedTexts(Value.plain(parsed));
  } catch {
    return undefined;
  }
}

/** The settings in a file; a single line is a value, not a file, unless it is JSON. */
function settingsIn(text: string): readonly Setting[] {
  const lines = text.includes("\n") ? text.split("\n") : [];
  return (
    settingsOfJson(text) ??
    lines.map((line) => {
      const [, name = "", value = ""] = ASSIGNMENT.exec(line) ?? [];
      return { name, text: NO_VALUE.test(value) ? "" : value };
    })
  );
}

/** Every credential in a text: by its format or name, and by the names of settings in it. */
export function secretsIn(name: string, text: string): readonly string[] {
  const whole = suspicion(name, text);
  const inner = settingsOfJson(text);
  // A file of settings may be about credentials and say only where they are: each of them decides.
  const isFile = inner !== undefined && !inner.some((setting) => isRandom(setting.text));
  if (whole === BY_NAME && !isFile) return [whole];
  const keys = settingsIn(text)
    .filter((setting) => suspicion(setting.name, setting.text) === BY_NAME)
    .map((setting) => `${JSON.stringify(setting.name)}, ${BY_NAME}`);
  return [...(whole === undefined || whole === BY_NAME ? [] : [whole]), ...new Set(keys)];
}

function configMapIsPlain({ resource, context }: Check): void {
  const data = resource.props.get("data");
  if (context.noteUnknown(data)) return;
  const place = { resource, context, expected: "put it in a Secret" };
  for (const [key, value] of data.entries()) {
    if (context.noteUnknown(value) || value.string === undefined) continue;
    for (const what of secretsIn(key, value.string)) reportPlain(place, value, what);
  }
}

function annotationsArePlain({ resource, context }: Check): void {
  if (!resource.type.startsWith("kubernetes:")) return;
  const place = { resource, context, expected: "put it in a Secret" };
  const template = resource.props.get("spec", "template", "metadata", "annotations");
  for (const annotations of [resource.props.get("metadata", "annotations"), template]) {
    for (const [, value] of annotations.entries()) {
      const what = value.string === undefined ? undefined : shapeOf(value.string);
      if (what !== undefined) reportPlain(place, value, what);
    }
  }
}

/** A Secret's `data` is Base64-encoded; everything else is plain. */
function plain(resource: Resource, value: Value, text: string): string {
  const isEncoded = typeKey(resource.type) === SECRET && value.keys[0] === "data";
  return isEncoded ? Buffer.from(text, "base64").toString("utf8") : text;
}

/** Charts with a default password, and the values that replace it. */
const CHARTS: readonly {
  readonly chart: string;
  readonly part: readonly string[];
  readonly given: readonly (readonly string[])[];
}[] = [
  {
    chart: "kube-prometheus-stack",
    part: ["grafana"],
    given: [["adminPassword"], ["admin", "existingSecret"]],
  },
];

function chartHasPassword({ resource, context }: Check): void {
  const chart = resource.props.get("chart").string?.split("/").at(-1);
  for (const { chart: name, part, given } of CHARTS) {
    if (chart !== name) continue;
    const values = resource.props.get("values", ...part);
    const enabled = values.get("enabled");
    if (context.noteUnknown(values) || context.noteUnknown(enabled) || enabled.boolean === false)
      continue;
    if (given.some((path) => !values.get(...path).isMissing)) continue;
    const expected = `the chart's well-known default password applies: set ${given.map((path) => path.join(".")).join(" or ")}`;
    context.report(finding(resource, values.get(...(given[0] ?? [])), expected));
  }
}

function noDefaults(check: Check): void {
  const { resource, context } = check;
  const place = { resource, context, expected: "use a random one" };
  chartHasPassword(check);
  for (const { value, name, text } of namedTexts(resource.props)) {
    if (!isDefaultCredential(name, plain(resource, value, text))) continue;
    reportPlain(place, value, "a well-known password");
  }
}

export const plainSecrets: readonly Policy[] = [
  {
    name: "container-no-secret-value",
    title: "Containers get secrets from Secrets",
    clause: {
      reference: "PO-03; ALL-07; Polaris sensitiveContainerEnvVar; kube-linter env-var-secret",
      url: SECRETS_DOCS,
    },
    severity: "critical",
    themes: ["secrets"],
    prevents: "Anyone who may read a workload, its manifest or its history can read the password.",
    description:
      "No environment variable, command or argument of a container looks like a secret, by its name or its format.",
    remediation:
      "Put the value in a Secret and refer to it with env[].valueFrom.secretKeyRef, or mount it as a file.",
    enforcement: STRICT_IN_PRODUCTION,
    check: containersArePlain,
  },
  {
    name: "configmap-no-secrets",
    title: "ConfigMaps contain no secrets",
    clause: { reference: "PO-03; ALL-07; Polaris sensitiveConfigmapContent", url: SECRETS_DOCS },
    severity: "critical",
    themes: ["secrets"],
    prevents: "Anyone who may read a ConfigMap, which is nearly everyone, can read the password.",
    description:
      "No key of a ConfigMap, and no setting in a file that it contains, looks like a secret, by its name or its format.",
    remediation: "Move the key to a Secret, and mount that next to the ConfigMap.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([CONFIG_MAP], configMapIsPlain),
  },
  {
    name: "annotation-no-secrets",
    title: "Annotations contain no secrets",
    clause: {
      reference: "PO-03; ALL-07",
      url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/",
    },
    severity: "high",
    themes: ["secrets"],
    prevents: "A token is stored in metadata, which every listing and every audit log shows.",
    description:
      "No annotation of an object or of its pod template has the format of a credential.",
    remediation: "Put the value in a Secret, and the Secret's name in the annotation.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each("every", annotationsArePlain),
  },
  {
    name: "no-default-credentials",
    coveredBy: ["container-no-secret-value", "configmap-no-secrets"],
    title: "Well-known passwords are not used",
    clause: {
      reference: "PO-03; ALL-08; CWE-1392",
      url: "https://cwe.mitre.org/data/definitions/1392.html",
    },
    severity: "critical",
    themes: ["secrets"],
    prevents: "Anyone who reaches the login gets in with the first guess.",
    description:
      "No workload, ConfigMap, Secret, Dapr component or chart has a default password of a product or its documentation.",
    remediation:
      "Use a random password from the secret store, or a random.RandomPassword, instead.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(
      [
        ...POD_KINDS,
        CONFIG_MAP,
        SECRET,
        "kubernetes:helm.sh:Release",
        "kubernetes:dapr.io:Component",
      ],
      noDefaults,
    ),
  },
];
