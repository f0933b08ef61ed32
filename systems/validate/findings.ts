/** Rules for a system's findings: each names what exists, or says what is missing. */
import type { Finding, System } from "../model";
import { valuePaths } from "../reading";
import { quoted, report, type Report, type Rule } from "./problem";

const NAMED = ["resource", "absent", "alert", "policy", "setting", "document", "value"];

/** Whether an entry of `realised` names one thing. */
const namesOne = (entry: object): boolean => {
  const given = Object.entries(entry).filter(([key]) => key !== "name");
  return given.length === 1 && given.every(([key, text]) => NAMED.includes(key) && text !== "");
};

/** A claim that nothing can check. */
const findingFounded: Rule = {
  id: "finding-founded",
  check: ({ findings }) =>
    findings
      .filter(({ realised = [], open = "" }) =>
        realised.length === 0 ? open === "" : !realised.every(namesOne),
      )
      .map(({ id }) =>
        report(
          `findings[${id}].realised`,
          `What realises the finding "${id}"`,
          "not named",
          `one or more of ${NAMED.slice(0, -1).join(", ")} or ${NAMED.at(-1) ?? ""}`,
          "name it, or write in `open` what is missing",
        ),
      ),
};

function unknownValues({ id, realised = [] }: Finding, paths: ReadonlySet<string>): Report[] {
  return realised.flatMap((one) =>
    "value" in one && !paths.has(one.value)
      ? [
          report(
            `findings[${id}].realised`,
            `The value that realises the finding "${id}"`,
            quoted(one.value),
            "the path of a value of the system",
            "correct the path, as in services[api].health.path",
          ),
        ]
      : [],
  );
}

const findingValueKnown: Rule = {
  id: "finding-value-known",
  check(system: System) {
    const paths = new Set(valuePaths(system));
    return system.findings.flatMap((finding) => unknownValues(finding, paths));
  },
};

export const FINDING_RULES: readonly Rule[] = [findingFounded, findingValueKnown];
