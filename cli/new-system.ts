/** `npm run new-system`: writes a system and its two stack files, from flags or by asking questions. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { AnswerError, type Answers } from "./new-system/answers";
import { answersOf, type Ask } from "./new-system/ask";
import { newFiles, registered, stackNames, type Files } from "./new-system/files";
import { commandLine } from "../lib/command-line";
import { wrapIndented } from "../reports/width";
import { COMMAND, flagsOf } from "./new-system/parse";
import { parseOptions, usage } from "./options";

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly ask: Ask;
}

const INDEX = "systems/index.ts";
/** Width of error messages. */
const COLUMNS = 100;

/** All files to write. Only the index may exist already. */
function plannedFiles(dir: string, answers: Answers): Files {
  const { name } = answers;
  const files = newFiles(answers);
  const taken = [...files.keys(), `systems/${name}`].find((path) => existsSync(join(dir, path)));
  if (taken !== undefined) {
    throw new AnswerError(`${taken} already exists: choose another name.`);
  }
  const index = registered(readFileSync(join(dir, INDEX), "utf8"), name);
  if (index === undefined) {
    throw new AnswerError(
      `${INDEX} cannot take ${JSON.stringify(name)}: its format is unexpected, or it has a system with a similar name. Choose another name.`,
    );
  }
  return new Map([...files, [INDEX, index]]);
}

function write(dir: string, files: Files): void {
  for (const [path, text] of files) {
    writeFileSync(join(dir, path), text, { flag: path === INDEX ? "w" : "wx" });
  }
}

const nextSteps = ({ name, cloud }: Answers, files: Files): string => `Written:
${[...files.keys()].map((path) => `  ${path}\n`).join("")}
Next:
  1. See the plan:  ${commandLine("plan")} ${stackNames(name).join(" ")}
  2. Replace the examples in the stack files: images, domain, e-mail${cloud === "digitalocean" ? "" : ", and the cloud's settings"}.
  3. Edit systems/${name}.ts; systems/define.ts documents the defaults.
  4. Run npm test, and commit the new files in test/golden: an index of each new plan.
`;

export async function main(argv: readonly string[], { out, err, ask }: Io): Promise<number> {
  try {
    const given = parseOptions(COMMAND, argv);
    if (given.has("help")) {
      out(usage(COMMAND));
      return 0;
    }
    const flags = flagsOf(given);
    const dir = resolve(flags.dir ?? ".");
    if (!existsSync(join(dir, INDEX))) {
      throw new AnswerError(`${dir} has no ${INDEX}: run this in the project's folder.`);
    }
    const answers = await answersOf(flags, ask, err);
    const files = plannedFiles(dir, answers);
    write(dir, files);
    out(nextSteps(answers, files));
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    err(
      `${message
        .split("\n")
        .flatMap((line) => wrapIndented(line, COLUMNS))
        .join("\n")}\n`,
    );
    return 2;
  }
}

/** Questions at the terminal. Ending the input cancels. */
function terminal(): { readonly ask: Ask; readonly close: () => void } {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Pasted lines can arrive before the questions that they answer.
  const answers = lines[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      process.stderr.write(question);
      const next = await answers.next();
      if (next.done !== true) return next.value;
      throw new AnswerError("\nNothing was written: not all questions were answered.");
    },
    close: () => {
      lines.close();
    },
  };
}

export function run(): void {
  const questions = process.stdin.isTTY ? terminal() : undefined;
  void main(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    ask: questions?.ask,
  }).then((code) => {
    questions?.close();
    process.exitCode = code;
  });
}
