/** `npm run -s tools`: builds the programs of a rehearsal that this machine lacks. Prints where each of them is. */
import { findBinaries, versionsOf } from "../rehearsal/tools/binaries";
import { buildMissing } from "../rehearsal/tools/build";
import { PROGRAM_NAMES, PROGRAMS, type ProgramName } from "../rehearsal/tools/programs";
import { nearest } from "../lib/words";
import { UsageError, type Command } from "./options";
import { runCommand, type Io, type Main } from "./process";

const COMMAND: Command<"find"> = {
  name: "tools",
  summary:
    "Builds from source what a rehearsal needs and this machine lacks: the engine, its Kubernetes provider " +
    "and a control plane. Needs Go; all of them take about 25 minutes of two cores.",
  operand: { shown: "PROGRAM…", term: "PROGRAM", help: "only these" },
  options: { find: { help: "build nothing; say what is missing" } },
  exitCodes: "0 all are there, 2 one is missing.",
};

function namesOf(operands: readonly string[]): readonly ProgramName[] {
  const commands = PROGRAM_NAMES.map((name) => PROGRAMS[name].command);
  return operands.map((operand) => {
    const name = PROGRAM_NAMES.find((one) => PROGRAMS[one].command === operand);
    if (name !== undefined) return name;
    const near = nearest(operand, commands);
    const hint = near === undefined ? `They are: ${commands.join(", ")}.` : `Did you mean ${near}?`;
    throw new UsageError(`A rehearsal runs no program ${JSON.stringify(operand)}. ${hint}`);
  });
}

async function tools(operands: readonly string[], build: boolean, io: Io): Promise<number> {
  const names = operands.length === 0 ? PROGRAM_NAMES : namesOf(operands);
  if (build) {
    await buildMissing({
      names,
      say: (line) => {
        io.progress.say(line);
      },
    });
  }
  const binaries = findBinaries(process.env, names);
  const versions = versionsOf(binaries);
  for (const name of names) {
    const { command } = PROGRAMS[name];
    io.results.write(
      `${command} ${versions[command] ?? "of unknown version"}: ${binaries[name]}\n`,
    );
  }
  return 0;
}

export const main: Main = (argv, io) =>
  runCommand(COMMAND, argv, io, ({ operands, has }) => tools(operands, !has("find"), io));
