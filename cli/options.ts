/** Command line parsing and help text, shared by all commands. */
import { parseArgs } from "node:util";
import { commandLine } from "../lib/command-line";
import { nearest } from "../lib/words";

/** The command line is wrong. The message says what is wrong and what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Option {
  /** The placeholder for its value in the help, such as FILE; a switch has none. */
  readonly value?: string;
  readonly short?: string;
  /** Whether it may be given several times. @default false */
  readonly many?: true;
  readonly help: string;
}

/** A command and its help. */
export interface Command<Name extends string> {
  readonly name: string;
  /** What it does, in a sentence or two. */
  readonly summary: string;
  /** The positional argument. */
  readonly operand?: { readonly shown: string; readonly term: string; readonly help: string };
  readonly options: Readonly<Record<Name, Option>>;
  /** What its exit codes mean. */
  readonly exitCodes: string;
}

export interface Given<Name extends string> {
  readonly operands: readonly string[];
  readonly has: (name: Name | "help") => boolean;
  /** The value of an option; undefined if it is not given. */
  readonly value: (name: Name) => string | undefined;
  /** The values of an option that may be given several times. */
  readonly values: (name: Name) => readonly string[];
}

const HELP: Option = { short: "h", help: "this text" };
const NOUNS: Readonly<Record<string, string>> = {
  DIR: "a folder",
  FILE: "a file",
  REV: "a revision",
  POLICY: "a policy",
  THEME: "a theme",
};

export const helpHint = (command: string): string =>
  `Run \`${commandLine(command)} --help\` for help.`;

const allOf = <Name extends string>({ options }: Command<Name>): ReadonlyMap<string, Option> =>
  new Map<string, Option>([...Object.entries<Option>(options), ["help", HELP]]);

interface Token {
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** The value of an option that takes one, empty for a switch. */
function valueOf({ name, value, inlineValue }: Token, { value: shown }: Option): string {
  if (shown === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`The option --${name} takes no value: write just --${name}.`);
  }
  // Another option in its place is unlikely to be meant as a value.
  if (value === undefined || value === "" || (inlineValue !== true && value.startsWith("-"))) {
    throw new UsageError(`--${name} needs ${NOUNS[shown] ?? "a value"}: write --${name} ${shown}.`);
  }
  return value;
}

const tokensOf = (argv: readonly string[], options: ReadonlyMap<string, Option>) =>
  parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      [...options].map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short ? { short } : {}) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;

/** @throws UsageError: one sentence about what is wrong. */
export function parseOptions<Name extends string>(
  command: Command<Name>,
  argv: readonly string[],
): Given<Name> {
  const options = allOf(command);
  const operands: string[] = [];
  const given = new Map<string, readonly string[]>();
  for (const token of tokensOf(argv, options)) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const option = options.get(token.name);
    if (option === undefined) {
      const near = nearest(token.name, [...options.keys()]);
      const hint = near === undefined ? helpHint(command.name) : `Did you mean --${near}?`;
      throw new UsageError(`Unknown option ${JSON.stringify(token.rawName)}. ${hint}`);
    }
    const before = given.get(token.name) ?? [];
    if (before.length > 0 && option.many !== true) {
      throw new UsageError(`The option --${token.name} is given twice; give it once.`);
    }
    given.set(token.name, [...before, valueOf(token, option)]);
  }
  if (command.operand === undefined && operands.length > 0) {
    const first = JSON.stringify(operands[0]);
    throw new UsageError(`${first} is not an option. ${helpHint(command.name)}`);
  }
  return {
    operands,
    has: (name) => given.has(name),
    value: (name) => given.get(name)?.[0],
    values: (name) => given.get(name) ?? [],
  };
}

const WIDTH = 100;

/** Wraps words to the width, with all lines but the first indented. */
function filled(words: readonly string[], indent: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (`${last} ${word}`.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(" ".repeat(indent) + word);
  }
  return lines;
}

export function usage<Name extends string>(command: Command<Name>): string {
  const { name, summary, operand, exitCodes } = command;
  const start = `  ${commandLine(name)}`;
  const options = [...allOf(command)].map(([option, { value, many, help }]) => ({
    term: `--${option}${value === undefined ? "" : ` ${value}`}`,
    more: many === true ? "…" : "",
    help,
  }));
  const rows = [...(operand === undefined ? [] : [operand]), ...options];
  const column = Math.max(...rows.map(({ term }) => term.length)) + 4;
  const synopsis = [
    ...(operand === undefined ? [] : [operand.shown]),
    ...options.filter(({ term }) => term !== "--help").map(({ term, more }) => `[${term}]${more}`),
  ];
  return [
    ...filled(summary.split(" "), 0),
    "",
    ...filled([start, ...synopsis], start.length + 1),
    "",
    ...rows.flatMap(({ term, help }) =>
      filled([`  ${term}`.padEnd(column - 1), ...help.split(" ")], column),
    ),
    "",
    ...filled(`Exit code: ${exitCodes}`.split(" "), 0),
    "",
  ].join("\n");
}
