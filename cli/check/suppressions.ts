/**
 * Suppressions that stand beside what they are about: for a line or a block of a file as a comment, for an
 * object as an annotation. Each names a policy, the last day on which it applies, and a reason.
 *
 * ```yaml
 * # runstack:ignore image-pinned until 2027-03-31: the vendor publishes no digest
 * ignore.runstack.dev/image-pinned: "until 2027-03-31: the vendor publishes no digest"
 * ```
 */
import { nearest } from "../../lib/words";
import { isDate, mayBeExempt } from "../../policies/exemptions";
import type { CheckFinding, Note } from "../../reports/check";
import type { Place } from "../../reports/findings";
import { blockFrom, textLines } from "./blocks";
import type { Judged } from "./locate";
import { placeOf, type Located } from "./located";
import { isMapping } from "./read";

const COMMENT = "runstack:ignore";
const ANNOTATION = "ignore.runstack.dev/";
const FORM = "until YYYY-MM-DD: REASON";

interface Suppression {
  readonly policy: string;
  readonly place: Place;
  /** Whether it stands beside this finding. */
  readonly covers: (finding: CheckFinding, object: Located | undefined) => boolean;
}

export interface Suppressed {
  /** What no suppression covers. */
  readonly findings: readonly CheckFinding[];
  /** How many findings are left out. */
  readonly count: number;
  /** What suppresses nothing, because it is incomplete, expired or unreadable. */
  readonly errors: readonly Note[];
  /** What is not needed. */
  readonly notes: readonly Note[];
}

export interface Reading {
  readonly policies: ReadonlySet<string>;
  /** Today, `YYYY-MM-DD`. */
  readonly day: string;
  /** Whether a policy was evaluated: if not, its suppressions may be needed another time. */
  readonly ran: (policy: string) => boolean;
}

/** One for each place: that of an object is the same in all that it is rendered to. */
function eachOnce(all: readonly Written[]): readonly Written[] {
  const byPlace = new Map<string, Written>();
  for (const one of all) {
    const key = JSON.stringify([one.place, one.policy, one.text]);
    const same = byPlace.get(key);
    const covers: Suppression["covers"] = (finding, object) =>
      one.covers(finding, object) || same?.covers(finding, object) === true;
    byPlace.set(key, same === undefined ? one : { ...same, covers });
  }
  return [...byPlace.values()];
}

/** Leaves out the findings that are suppressed where they are written. */
export function suppress(
  judged: readonly Judged[],
  objects: readonly Located[],
  reading: Reading,
): Suppressed {
  const all = eachOnce([...inComments(objects), ...inAnnotations(objects)]).map((one) =>
    suppressionOf(one, reading),
  );
  const valid = all.flatMap((one) => ("message" in one ? [] : [one]));
  const needed = new Set<Suppression>();
  const kept = judged.filter(({ finding, object }) => {
    const covering = valid.filter(
      ({ policy, covers }) => policy === finding.about.name && covers(finding, object),
    );
    covering.forEach((one) => needed.add(one));
    return covering.length === 0;
  });
  const idle = valid.filter((one) => !needed.has(one) && reading.ran(one.policy));
  return {
    findings: kept.map(({ finding }) => finding),
    count: judged.length - kept.length,
    errors: all.flatMap((one) => ("message" in one ? [one] : [])),
    notes: idle.map(({ policy, place }) => ({
      ...place,
      message: `this suppresses nothing: ${policy} is not violated here; remove it`,
    })),
  };
}

interface Written {
  readonly policy: string;
  /** What follows the policy's name. */
  readonly text: string;
  readonly place: Place;
  readonly covers: Suppression["covers"];
}

/** Valid, or what is wrong with it. */
function suppressionOf(
  { policy, text, place, covers }: Written,
  reading: Reading,
): Suppression | Note {
  const wrong = (message: string): Note => ({ ...place, message });
  if (!reading.policies.has(policy)) {
    const near = nearest(policy, [...reading.policies]);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    return wrong(`this names the policy ${JSON.stringify(policy)}, which does not exist${hint}`);
  }
  if (!mayBeExempt({ policy })) return wrong(`${policy} cannot be suppressed; remove this`);
  const [, expires = "", reason = ""] = /^until\s+(\S+?):?(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
  if (!isDate(expires)) {
    return wrong(`this suppression of ${policy} has no last day; write: ${FORM}`);
  }
  if (reason.trim() === "") {
    return wrong(`this suppression of ${policy} has no reason; write: ${FORM}`);
  }
  if (expires < reading.day) {
    return wrong(
      `this suppression of ${policy} expired on ${expires}; mend the object and remove it, or decide on a new date`,
    );
  }
  return { policy, place, covers };
}

const IN_COMMENT = /(?:^|\s)#\s*runstack:ignore(?:\s+([^\s:]+))?(.*)$/;

/** Each file's comments, once. */
function inComments(objects: readonly Located[]): readonly Written[] {
  const sources = [...new Set(objects.map(({ source, written }) => written ?? source))];
  return sources.flatMap(({ file, text }) => {
    if (!text.includes(COMMENT)) return [];
    const lines = text.split(/\r\n|\n|\r/);
    const values = textLines(lines);
    return lines.flatMap((line, index) => {
      const match = IN_COMMENT.exec(line);
      if (match === null || values.has(index) || isQuoted(line.slice(0, match.index))) return [];
      const [first, last] = blockFrom(lines, index);
      const place = { file, line: index + 1, column: line.indexOf("#", match.index) + 1 };
      const covers: Suppression["covers"] = ({ place: at }) =>
        at.file === file && at.line >= first && at.line <= last;
      return [{ policy: match[1] ?? "", text: match[2] ?? "", place, covers }];
    });
  });
}

/** Whether a quotation is open at the end of the text. */
const isQuoted = (text: string): boolean =>
  ['"', "'"].some((quote) => text.split(quote).length % 2 === 0);

function inAnnotations(objects: readonly Located[]): readonly Written[] {
  return objects.flatMap((object) =>
    annotationsOf(object)
      .filter(([key]) => key.startsWith(ANNOTATION))
      .map(([key, value]) => {
        return {
          policy: key.slice(ANNOTATION.length),
          text: typeof value === "string" ? value : "",
          place: placeOf(object, ["metadata", "annotations", key]),
          covers: (_: CheckFinding, its: Located | undefined) => its === object,
        };
      }),
  );
}

function annotationsOf({ object }: Located): readonly (readonly [string, unknown])[] {
  const { metadata } = object;
  if (!isMapping(metadata) || !isMapping(metadata["annotations"])) return [];
  return Object.entries(metadata["annotations"]);
}
