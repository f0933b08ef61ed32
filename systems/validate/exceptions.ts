/** Rules for a system's policy exceptions. */
import { serviceNames, storeNames } from "./names";
import { oneOf, quoted, report, type Rule } from "./problem";

const exceptionFounded: Rule = {
  id: "exception-founded",
  check({ exceptions = [], findings }) {
    const known = findings.map(({ id }) => id);
    return exceptions
      .filter(({ finding }) => !known.includes(finding))
      .map(({ policy, of, finding }) =>
        report(
          `exceptions[${policy}/${of}].finding`,
          `The finding behind the exception from "${policy}"`,
          quoted(finding),
          oneOf(known),
          "correct the id or write the finding",
        ),
      );
  },
};

const exceptionKnown: Rule = {
  id: "exception-known",
  check(system) {
    const known = [
      ...serviceNames(system),
      ...storeNames(system),
      ...["configuration", "namespace", "system"],
    ];
    return (system.exceptions ?? [])
      .filter(({ of }) => !known.includes(of))
      .map(({ policy, of }) =>
        report(
          `exceptions[${policy}/${of}].of`,
          `What is excepted from "${policy}"`,
          quoted(of),
          oneOf(known),
          "correct the name or declare it",
        ),
      );
  },
};

export const EXCEPTION_RULES: readonly Rule[] = [exceptionFounded, exceptionKnown];
