/**
 * `npm run -s agree -- FOLDER…`: judges the examples that come with other tools, and compares. A folder is a checkout
 * of a tool's repository. Prints, by tool, how many of its faults the pack reports, and how many of what it finds clean
 * the same policies leave alone; `--all` also prints the explained differences and the checks that are not mapped.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { POLICIES } from "../../policies/catalog";
import { configurePack } from "../../policies/configuration";
import { evaluateManifests, type Found } from "../../policies/manifests/evaluate";
import type { PolicyContext } from "../../policies/policy-context";
import { pathOf } from "../../policies/values";
import { asDeployment } from "./as-deployment";
import { DIFFERENCES } from "./differences";
import type { Example } from "./example";
import { mappingOf, type Covered, type Table } from "./mapping";
import { TOOLS, type Tool } from "./tools";

const policyContext: PolicyContext = {
  environment: "prod",
  exemptions: [],
  podSecurityMinor: Infinity,
  zoned: true,
  restored: {},
};

interface Compared {
  readonly example: Example;
  readonly reported: readonly string[];
  /** Why the tools differ; undefined if they agree or nobody has said. */
  readonly reason: string | undefined;
}

const agrees = ({ example, reported }: Compared): boolean =>
  example.isFault === reported.length > 0;

/** What the mapped policies report of the objects that the example is about. */
function reportedOf(example: Example, mapping: Covered): readonly string[] {
  const { policies: names, options = {}, at: where, says } = mapping;
  const policies = POLICIES.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => !policies.some((policy) => policy.name === name));
  if (unknown.length > 0) throw new Error(`${example.check}: no policy ${unknown.join(", ")}`);
  const configured = configurePack(policies, policyContext, options);
  const judged =
    mapping.inDeployment === true ? example.objects.map(asDeployment) : example.objects;
  const { found } = evaluateManifests(policies, judged, { policyContext, configured });
  const { about = () => true } = example;
  const isAnywhere = mapping.anywhere === true && example.isFault;
  return found
    .filter(({ manifest }) => {
      const own = manifest === undefined ? undefined : example.objects[judged.indexOf(manifest)];
      return own === undefined || isAnywhere || about(own);
    })
    .filter((one) => where === undefined || fieldsOf(one).some((field) => where.test(field)))
    .filter(({ message }) => says?.test(message) !== false)
    .map(({ policy, message }) => `${policy.name}: ${message}`);
}

/** The path, and the further fields that the same violation names. */
const fieldsOf = ({ at: path, message }: Found): readonly string[] => [
  pathOf(path),
  ...(/; so (?:is|are) ([^:]*):/.exec(message)?.[1]?.split(/, | and /) ?? []),
];

function compare(examples: readonly Example[], { table, name }: Tool): readonly Compared[] {
  return examples.flatMap((example) => {
    const mapping = mappingOf(table, example.check);
    if (mapping === undefined || typeof mapping === "string") return [];
    const reported = reportedOf(example, mapping);
    return [{ example, reported, reason: reasonFor(name, example) }];
  });
}

function reasonFor(tool: string, { title }: Example): string | undefined {
  const own = DIFFERENCES.find(
    ({ tool: of, examples }) => of === tool && examples.some((one) => title.includes(one)),
  );
  return own?.reason;
}

/** Reasons for which there is no difference any more. */
function unused(tool: string, compared: readonly Compared[]): readonly string[] {
  const differing = compared.filter((one) => !agrees(one));
  return DIFFERENCES.filter(({ tool: of }) => of === tool)
    .flatMap(({ examples }) => examples)
    .filter((part) => !differing.some(({ example }) => example.title.includes(part)));
}

const share = (part: number, whole: number): string =>
  whole === 0 ? "none" : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;

function summary(tool: string, compared: readonly Compared[]): string {
  const of = (isFault: boolean): string => {
    const all = compared.filter(({ example }) => example.isFault === isFault);
    return share(all.filter(agrees).length, all.length);
  };
  const differing = compared.filter((one) => !agrees(one));
  const explained = differing.filter(({ reason }) => reason !== undefined).length;
  return (
    `${tool}: faults reported ${of(true)}, clean left alone ${of(false)}; ` +
    `differences ${differing.length}, explained ${explained}`
  );
}

function difference({ example, reported, reason }: Compared): string {
  const what = example.isFault ? "not reported" : `reported: ${reported[0] ?? ""}`;
  return `  ${example.check} | ${example.title} | ${what}${reason === undefined ? "" : ` | ${reason}`}`;
}

/** The checks without a policy, with the number of their examples and the reason. */
function unmapped(examples: readonly Example[], table: Table): readonly string[] {
  const counts = new Map<string, number>();
  for (const { check } of examples) counts.set(check, (counts.get(check) ?? 0) + 1);
  return [...counts].flatMap(([check, count]) => {
    const mapping = mappingOf(table, check) ?? "NOT IN THE TABLE";
    return typeof mapping === "string" ? [`  ${check} (${count}): ${mapping}`] : [];
  });
}

function run(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: "boolean" } },
  });
  for (const folder of positionals) {
    const root = resolve(folder);
    const tool = TOOLS.find(({ isHere }) => isHere(root));
    if (tool === undefined) throw new Error(`${folder} is no checkout of ${namesOf(TOOLS)}`);
    const examples = tool.read(root);
    const compared = compare(examples, tool);
    console.log(summary(tool.name, compared));
    const shown = compared.filter(
      (one) => !agrees(one) && (values.all === true || one.reason === undefined),
    );
    for (const one of shown) console.log(difference(one));
    for (const part of unused(tool.name, compared)) {
      console.log(`  differences.ts: "${part}" is no difference any more`);
    }
    const left = unmapped(examples, tool.table);
    console.log(`  ${left.length} checks have no policy${values.all === true ? ":" : ""}`);
    for (const line of left) {
      if (values.all === true || line.endsWith("NOT IN THE TABLE")) console.log(line);
    }
  }
}

const namesOf = (tools: readonly Tool[]): string => tools.map(({ name }) => name).join(", ");

run();
