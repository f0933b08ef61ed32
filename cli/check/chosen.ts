/** Whether the policies that a run is limited to can judge anything of its input: if not, it is green for nothing. */
import { commandLine } from "../../lib/command-line";
import { either, together } from "../../lib/words";
import type { Configured } from "../../lib/policy-configuration";
import { judgesManifests, judgesSome } from "../../policies/manifests/judging";
import { typeOf, type Manifest } from "../../policies/manifests/resource";
import { typeKey, type Policy } from "../../policies/policy";
import type { Note } from "../../reports/check";
import { NO_PLACE } from "../../reports/findings";

/** Names that a message has. */
const MOST_NAMES = 3;

const ELSEWHERE = `Pulumi programs, clouds and runbooks are judged by \`${commandLine("plan")}\``;

interface Said {
  readonly errors: readonly Note[];
  readonly notes: readonly Note[];
}

/** @param named the policies that were chosen by their name */
export function unjudged(
  policies: readonly Policy[],
  configured: ReadonlyMap<string, Configured>,
  objects: readonly Manifest[],
  named: readonly string[] = [],
): Said {
  const ofManifests = policies.filter(judgesManifests);
  // What is said of exemptions says nothing of objects.
  const chosen = ofManifests.filter(
    ({ name, themes }) =>
      !themes.includes("governance") &&
      !["disabled", undefined].includes(configured.get(name)?.level),
  );
  const strangers = named.filter((name) => !ofManifests.some((policy) => policy.name === name));
  const types = new Set(objects.map((object) => typeKey(typeOf(object))));
  const isJudged = objects.length === 0 || chosen.some((policy) => judgesSome(policy, types));
  const say = (message: string): readonly Note[] => [{ ...NO_PLACE, message }];
  const foreign =
    strangers.length === 1
      ? `${either(strangers)} judges no manifest: ${ELSEWHERE}`
      : `none of ${together(strangers)} judges a manifest: ${ELSEWHERE}`;
  if (isJudged) return { errors: [], notes: strangers.length === 0 ? [] : say(foreign) };
  const names = chosen.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = chosen.length > MOST_NAMES ? ` and ${chosen.length - MOST_NAMES} more` : "";
  const why =
    chosen.length === 0
      ? `none of the chosen policies judges manifests, or all of them are disabled; ${ELSEWHERE}`
      : `${objects.length === 1 ? "the object is not" : `none of the ${objects.length} objects is`} of a kind that the chosen policies judge (${names.join(", ")}${more}); choose others`;
  return { errors: say(`nothing was judged: ${why}`), notes: [] };
}
