/**
 * Prints violations as GitHub's workflow commands, which mark them in a pull request at file and line. Every mandatory
 * one; of those that only advise the ones that are new, where a difference says which. Reads what `plan --out` wrote.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const data = (text) => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (text) => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** By stack, `policy urn` of what is newly violated; undefined where nothing was compared. */
function freshIn(out) {
  const path = join(out, "difference.json");
  if (!existsSync(path)) return undefined;
  return new Map(
    read(path).stacks.map(({ stack, policies }) => [
      stack,
      new Set((policies?.fresh ?? []).map(({ policy, urn }) => `${policy} ${urn}`)),
    ]),
  );
}

function command(result) {
  const [{ physicalLocation: place } = {}] = result.locations ?? [];
  const where = place?.artifactLocation?.uri;
  const properties = [
    ...(where === undefined ? [] : [`file=${property(decodeURI(where))}`]),
    ...(place?.region?.startLine === undefined ? [] : [`line=${place.region.startLine}`]),
    `title=${property(result.ruleId)}`,
  ];
  const kind = result.level === "error" ? "error" : "warning";
  return `::${kind} ${properties.join(",")}::${data(result.message.text)}`;
}

/** @returns the lines, the same place and words once */
export function annotations(out) {
  const fresh = freshIn(out);
  const stacks = readdirSync(out).filter((name) => existsSync(join(out, name, "policies.sarif")));
  const lines = stacks.sort().flatMap((stack) =>
    read(join(out, stack, "policies.sarif")).runs.flatMap(({ results }) =>
      results
        .filter((result) => {
          const urn = result.locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName ?? "";
          return (
            result.level === "error" || fresh?.get(stack)?.has(`${result.ruleId} ${urn}`) === true
          );
        })
        .map(command),
    ),
  );
  return [...new Set(lines)];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const line of annotations(process.argv[2] ?? "out")) console.log(line);
}
