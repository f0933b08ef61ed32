/** Changes of resources in words: each change once, with all of its places. */
import { factsOf } from "../facts";
import { many } from "../../lib/words";
import { resourceLabel } from "../policies";
import { shortType } from "../tree";
import { groupChanges, type Group } from "./group";
import type { Kind } from "./resources";
import { entry, listed, MARKS, places, type Entry, type Section, type Tone } from "./section";
import { stableText } from "./stable";
import type { ChangedStack } from "./stack";
import type { ValueChange } from "./values";

const TITLES: Readonly<Record<Kind, readonly [string, string, Tone]>> = {
  replace: ["Replaced", "The cloud creates a new one and deletes the old one.", "bad"],
  delete: ["Deleted", "", "bad"],
  rename: [
    "Renamed",
    "Same type and inputs under another name or parent. Without an alias, the engine creates a new one and deletes the old one.",
    "bad",
  ],
  create: ["Created", "", "good"],
  update: ["Changed", "", "warn"],
};

/** Most serious first. */
export function resourceSections(changed: readonly ChangedStack[]): readonly Section[] {
  const all = changed.map(({ stack }) => stack);
  const groups = groupChanges(changed);
  const of = (kind: Kind): Section => {
    const [title, about, tone] = TITLES[kind];
    const entries = groups
      .filter((group) => group.kind === kind)
      .map((group) => entryOf(group, tone, all));
    return { title, about, entries };
  };
  return [
    of("replace"),
    following(changed),
    of("delete"),
    of("rename"),
    of("create"),
    of("update"),
  ];
}

function entryOf(group: Group, tone: Tone, all: readonly string[]): Entry {
  const { kind, first, occurrences } = group;
  return entry({
    mark: MARKS[kind],
    tone,
    title: titleOf(group),
    notes: notes(first),
    places: places(
      occurrences.map(({ stack }) => stack),
      all,
    ),
    changes: first.word === undefined ? merged([...first.inputs, ...first.options]) : first.options,
  });
}

/** One resource by type and name; several of one type by their names, otherwise by type and name. */
function titleOf({ kind, first, occurrences }: Group): string {
  const resources = occurrences.map(({ change: { resource } }) => resource);
  const same = new Set(resources.map(({ name }) => name)).size === 1;
  const nameOf = ({ change, pattern }: Group["occurrences"][number]): string =>
    same ? change.resource.name : pattern;
  const names = [...new Set(occurrences.map(nameOf))];
  const types = new Set(resources.map(({ type }) => type));
  const type = shortType(first.resource.type);
  if (types.size === 1 && names.length > 1) return `${names.length} × ${type}: ${listed(names)}`;
  if (types.size > 1) {
    const labels = occurrences.map((one) => `${kindOf(one.change.resource.type)} ${nameOf(one)}`);
    return `${new Set(labels).size} resources: ${listed([...new Set(labels)])}`;
  }
  const was = kind === "rename" ? `${first.before?.name ?? ""} → ` : "";
  const facts = new Set(resources.map((resource) => factsOf(resource).join(" ")));
  const shown = (kind === "create" || kind === "delete") && facts.size === 1 ? [...facts] : [];
  return [`${type} ${was}${names[0] ?? ""}`, ...shown].filter(Boolean).join("  ");
}

/** `KubernetesCluster` of `digitalocean:index/kubernetesCluster:KubernetesCluster`. */
const kindOf = (type: string): string => type.split(":").at(-1) ?? type;

/** Paths with the same old and new value are listed together. */
function merged(
  changes: readonly (ValueChange & { readonly forces?: boolean })[],
): Entry["changes"] {
  const found = new Map<
    string,
    { readonly change: ValueChange; readonly paths: string[]; note?: string }
  >();
  for (const change of changes) {
    const note = change.forces === true ? "forces replacement" : undefined;
    const key = stableText([
      change.from ?? null,
      change.to ?? null,
      "from" in change,
      "to" in change,
      note ?? "",
    ]);
    const known = found.get(key);
    if (known === undefined)
      found.set(key, { change, paths: [change.path], ...(note === undefined ? {} : { note }) });
    else known.paths.push(change.path);
  }
  return [...found.values()].map(({ change, paths, note }) => ({
    ...change,
    path: listed(paths, 3),
    ...(note === undefined ? {} : { note }),
  }));
}

function notes(change: Group["first"]): readonly string[] {
  const { refused, mayReplace, aliased, resource, kind, word, inputs } = change;
  return [
    ...(refused ? ["protected: the engine refuses"] : []),
    ...(mayReplace ? ["may be replaced: Runstack does not know this type"] : []),
    ...(kind === "rename" ? renameNotes(aliased, inputs) : []),
    ...(kind === "create" && resource.protect ? ["protected"] : []),
    ...(word === undefined
      ? []
      : [`${many(inputs.length, "input follows", "inputs follow")} the name`]),
  ];
}

function renameNotes(aliased: boolean, inputs: Group["first"]["inputs"]): readonly string[] {
  const forced = inputs.some(({ forces }) => forces);
  if (forced) return aliased ? ["replaced despite its alias"] : ["an alias does not keep it"];
  return aliased ? ["kept: it has an alias"] : [];
}

function following(changed: readonly ChangedStack[]): Section {
  const found = new Map<string, { readonly stacks: string[]; readonly lines: Set<string> }>();
  for (const { stack, following: all } of changed) {
    for (const { resource, key, of } of all) {
      const known = found.get(resourceLabel(of.urn)) ?? { stacks: [], lines: new Set() };
      known.stacks.push(stack);
      known.lines.add(`${kindOf(resource.type)} ${resource.name} (${key})`);
      found.set(resourceLabel(of.urn), known);
    }
  }
  const all = changed.map(({ stack }) => stack);
  return {
    title: "May be replaced with them",
    about:
      "The input in brackets is unknown until the resource that it refers to has been replaced, and it forces a replacement.",
    entries: [...found].map(([of, { stacks, lines }]) =>
      entry({
        mark: "?",
        tone: "warn",
        title: `with ${of}`,
        places: places(stacks, all),
        lines: [listed([...lines], 12)],
      }),
    ),
  };
}
