/** `npm run findings`: prints what the runbooks get wrong, what there is instead, and what is open. */
import { nearest } from "../lib/words";
import { renderRunbookFindings, renderRunbookFindingsJson } from "../reports/runbook-findings";
import { SYSTEMS } from "../systems";
import type { System } from "../systems/model";
import { validateSystem } from "../systems/validate";
import { UsageError, type Command } from "./options";
import { runCommand, runProcess, type Io } from "./process";

const COMMAND: Command<"json"> = {
  name: "findings",
  summary:
    "Prints the findings of each system: what the runbook gets wrong, what there is instead, what realises it, and what is still open.",
  operand: { shown: "[SYSTEM]…", term: "SYSTEM", help: "a system's id (default: all)" },
  options: { json: { help: "print JSON, in which `realised` and `open` stand apart" } },
  exitCodes: "0 success, 2 an error in a system or the command line.",
};

const ALL: Readonly<Record<string, System>> = SYSTEMS;

function systemOf(id: string): System {
  const system = Object.hasOwn(ALL, id) ? ALL[id] : undefined;
  if (system !== undefined) return system;
  const near = nearest(id, Object.keys(ALL));
  const hint =
    near === undefined
      ? `The systems are: ${Object.keys(ALL).join(", ")}.`
      : `Did you mean ${near}?`;
  throw new UsageError(`There is no system ${JSON.stringify(id)}. ${hint}`);
}

/** @throws UsageError for the first problem of a system, which a plan would refuse too */
function consistent(system: System): System {
  const [problem] = validateSystem(system);
  if (problem !== undefined) throw new UsageError(`${system.id}: ${problem.message}`);
  return system;
}

export const main = (argv: readonly string[], io: Io): Promise<number> =>
  runCommand(COMMAND, argv, io, ({ operands, has }) => {
    const ids = operands.length === 0 ? Object.keys(ALL) : operands;
    const systems = ids.map(systemOf).map(consistent);
    io.results.write(
      has("json")
        ? renderRunbookFindingsJson(systems)
        : renderRunbookFindings(systems, { colour: io.colour, width: io.width }),
    );
    return 0;
  });

export const run = (): void => {
  runProcess("findings", main);
};
