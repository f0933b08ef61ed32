/**
 * Compares the objects of every Helm release of a cluster with what the release installed. The engine keeps a release as
 * one resource, so its refresh sees neither an edited object of a chart nor a deleted one. Reads only: `helm list`,
 * `helm get manifest`, `kubectl get`. Prints paths, and of a Secret no value; exits with 1 if anything differs.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { parseAllDocuments } from "yaml";

const run = (command, args, input) =>
  execFileSync(command, args, {
    encoding: "utf8",
    input,
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["pipe", "pipe", "pipe"],
  });

/** What controllers write into objects that a chart leaves open or fills with a placeholder. */
const CONTROLLED = new Set(["caBundle", "status", "creationTimestamp"]);
const WHOLE = new Set(["data", "binaryData"]);

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value) =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  (typeof value === "object" && Object.keys(value).length === 0);

const SUFFIXES = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The API server writes quantities in its own way: 1000m as 1. */
function scalar(value) {
  const [, number, suffix = ""] =
    /^(\d+(?:\.\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(String(value)) ?? [];
  return number === undefined ? value : Number(number) * SUFFIXES[suffix];
}

/** Paths at which the live value is not what was installed; what the server adds by itself does not count. */
export function differences(installed, live, path = "") {
  if (isEmpty(installed) && isEmpty(live)) return [];
  if (isMap(installed) && isMap(live)) {
    const added = WHOLE.has(path)
      ? Object.keys(live)
          .filter((key) => !(key in installed))
          .map((key) => `${path}.${key} was added`)
      : [];
    const inner = Object.entries(installed)
      .filter(([key]) => !CONTROLLED.has(key))
      .flatMap(([key, value]) =>
        differences(value, live[key], path === "" ? key : `${path}.${key}`),
      );
    return [...inner, ...added];
  }
  if (Array.isArray(installed) && Array.isArray(live)) return lists(installed, live, path);
  return scalar(installed) === scalar(live) ? [] : [path];
}

/** Items with a name are matched by it; an item that was added or removed is a difference. */
function lists(installed, live, path) {
  const nameOf = (item, index) =>
    isMap(item) && typeof item.name === "string" ? item.name : index;
  const items = new Map(live.map((item, index) => [nameOf(item, index), item]));
  const names = installed.map(nameOf);
  return [
    ...installed.flatMap((item, index) =>
      items.has(names[index])
        ? differences(item, items.get(names[index]), `${path}[${names[index]}]`)
        : [`${path}[${names[index]}] was removed`],
    ),
    ...[...items.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => `${path}[${name}] was added`),
  ];
}

/** Without the rules that the controller manager collects from other roles. */
const withoutCollected = ({ rules, ...object }) =>
  object.aggregationRule === undefined && rules !== undefined ? { ...object, rules } : object;

/** A Secret's plain values become what the server keeps. */
function asKept({ stringData, ...object }) {
  if (!isMap(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString("base64"),
  ]);
  return { ...object, data: { ...object.data, ...Object.fromEntries(encoded) } };
}

const titleOf = ({ kind, metadata }) =>
  `${kind} ${[metadata?.namespace, metadata?.name].filter(Boolean).join("/")}`;

/** People's tools: what they own in an object of a chart, somebody has changed by hand. */
const BY_HAND = /^(?:kubectl|k9s|lens|node-fetch|Mozilla)/i;

/** Fields that were set by hand, also those that the chart leaves out. */
function byHand({ metadata: { managedFields = [] } }) {
  const leaves = (fields, path) =>
    Object.entries(fields).flatMap(([key, inner]) => {
      if (!key.startsWith("f:") && !key.startsWith("k:")) return [];
      const own = key.startsWith("f:") ? `${path}.${key.slice(2)}` : `${path}[${key.slice(2)}]`;
      const below = leaves(inner, own);
      return below.length > 0 ? below : [own.replace(/^\./, "")];
    });
  return managedFields
    .filter(({ manager = "", subresource }) => BY_HAND.test(manager) && subresource === undefined)
    .flatMap(({ manager, fieldsV1 = {} }) =>
      leaves(fieldsV1, "")
        .filter((path) => !path.startsWith("metadata.annotations.kubectl"))
        .map((path) => `${path} was set by ${manager}`),
    );
}

const unpacked = (object) =>
  object?.kind?.endsWith("List") && Array.isArray(object.items)
    ? object.items.flatMap(unpacked)
    : [object];

/** What the cluster has in an object's place; undefined if it is gone. */
function liveOf(installed, namespace, kubectl) {
  const own = installed.metadata?.namespace ?? namespace;
  const args = ["get", "--filename", "-", "--namespace", own, "--ignore-not-found"];
  const text = kubectl(
    "kubectl",
    [...args, "--show-managed-fields", "--output", "json"],
    JSON.stringify(installed),
  );
  const answer = text.trim() === "" ? {} : JSON.parse(text);
  // With --filename kubectl prints a list, of one object here.
  const live = answer.kind === "List" ? answer.items[0] : answer;
  return live?.kind === undefined ? undefined : live;
}

/** A line for each object that is gone or different, or that could not be compared. */
export function driftOf({ name, namespace }, { helm = run, kubectl = run } = {}) {
  const manifest = helm("helm", ["get", "manifest", name, "--namespace", namespace]);
  const objects = parseAllDocuments(manifest, { version: "1.1", merge: true })
    .map((document) => document.toJS())
    .filter(isMap)
    .flatMap(unpacked);
  return objects.flatMap((installed) => {
    const title = titleOf(installed);
    try {
      const live = liveOf(installed, namespace, kubectl);
      if (live === undefined) return [`${title} is gone`];
      const different = differences(asKept(withoutCollected(installed)), live);
      const set = byHand(live).filter(
        (line) => !different.some((path) => line.startsWith(`${path} `)),
      );
      return [...different, ...set].map((path) => `${title}: ${path}`);
    } catch (error) {
      return [`${title} could not be compared: ${reasonOf(error)}`];
    }
  });
}

/** The last line of what a command said, without the input that it may repeat. */
const reasonOf = (error) =>
  String(error.stderr ?? error.message)
    .trim()
    .split("\n")
    .at(-1) ?? "";

function main() {
  const releases = JSON.parse(run("helm", ["list", "--all-namespaces", "--output", "json"]));
  let found = 0;
  for (const release of releases) {
    let drift;
    try {
      drift = driftOf(release);
    } catch (error) {
      drift = [`the release could not be read: ${reasonOf(error)}`];
    }
    found += drift.length;
    const verdict = drift.length === 0 ? "as installed" : `${drift.length} differences`;
    console.log(`${release.namespace}/${release.name}: ${verdict}`);
    for (const line of drift) console.log(`  ${line}`);
  }
  return found === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = main();
