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
  execFileSync(command, args, { encoding: "utf8", input, maxBuffer: 256 * 1024 * 1024 });

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

/** A line for each object that is gone or different. */
export function driftOf({ name, namespace }, { helm = run, kubectl = run } = {}) {
  const manifest = helm("helm", ["get", "manifest", name, "--namespace", namespace]);
  const objects = parseAllDocuments(manifest)
    .map((document) => document.toJS())
    .filter(isMap);
  return objects.flatMap((installed) => {
    const text = kubectl(
      "kubectl",
      [
        "get",
        "--filename",
        "-",
        "--namespace",
        namespace,
        "--ignore-not-found",
        "--output",
        "json",
      ],
      JSON.stringify(installed),
    );
    const answer = text.trim() === "" ? {} : JSON.parse(text);
    // With --filename kubectl prints a list, of one object here.
    const live = answer.kind === "List" ? answer.items[0] : answer;
    if (live?.kind === undefined) return [`${titleOf(installed)} is gone`];
    const expected = asKept(withoutCollected(installed));
    return differences(expected, live).map((path) => `${titleOf(installed)}: ${path}`);
  });
}

function main() {
  const releases = JSON.parse(run("helm", ["list", "--all-namespaces", "--output", "json"]));
  let found = 0;
  for (const release of releases) {
    const drift = driftOf(release);
    found += drift.length;
    console.log(
      `${release.namespace}/${release.name}: ${drift.length === 0 ? "as installed" : `${drift.length} differences`}`,
    );
    for (const line of drift) console.log(`  ${line}`);
  }
  return found === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = main();
