/** Answers from flags, and questions for the rest. */
import {
  AnswerError,
  checkTogether,
  DATA_SERVICES,
  defaultDomain,
  defaultTitle,
  READ,
  type Answers,
} from "./answers";
import type { Flags } from "./parse";

/** Asks a question at the terminal; undefined if there is none. */
export type Ask = ((question: string) => Promise<string>) | undefined;

/** Flags that have no default. */
const NEEDED = ["name", "cloud", "service"] as const;

/** The flag, or a valid answer. The fallback is offered, and used without a terminal. */
const asker =
  (ask: Ask, tell: (text: string) => void) =>
  async <T>(
    question: string,
    flag: string | undefined,
    read: (text: string) => T,
    fallback?: string,
  ): Promise<T> => {
    if (flag !== undefined) return read(flag);
    if (ask === undefined) return read(fallback ?? "");
    for (;;) {
      const hint = fallback === undefined ? "" : ` [${fallback}]`;
      const text = (await ask(`${question}${hint}: `)).trim();
      try {
        return read(text === "" ? (fallback ?? "") : text);
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        tell(`${error.message}\n`);
      }
    }
  };

/** @throws AnswerError: one sentence about an answer that cannot be taken, or that is missing. */
export async function answersOf(flags: Flags, ask: Ask, tell: (text: string) => void) {
  const missing = NEEDED.filter((flag) => flags[flag] === undefined);
  if (ask === undefined && missing.length > 0) {
    throw new AnswerError(
      `Standard input is not a terminal, so no questions can be asked: give ${missing.map((flag) => `--${flag}`).join(", ")}.`,
    );
  }
  // What is given is refused before anything is asked.
  const given = { ...flags, service: flags.service?.map(READ.service) };
  const get = asker(ask, tell);
  const name = await get("Name (a-z, 0-9, -)", flags.name, READ.name);
  const title = await get("Title", flags.title, READ.title, defaultTitle(name));
  const cloud = await get("Cloud (digitalocean, aws, gcp, existing)", flags.cloud, READ.cloud);
  const services =
    given.service ??
    (await get("Services (NAME:PORT, the one for browsers first)", undefined, (text) =>
      text.split(/[\s,]+/).map(READ.service),
    ));
  const runs: Partial<Record<(typeof DATA_SERVICES)[number], Answers["postgres"]>> = {};
  for (const kind of DATA_SERVICES) {
    const question = `Who runs ${kind} (managed, operator, external, none)`;
    runs[kind] = await get(question, flags[kind], (text) => READ.runs(kind, text), "none");
  }
  const domain = await get("Domain", flags.domain, READ.domain, defaultDomain(name));
  const answers = { name, title, cloud, services, domain, ...runs } as Answers;
  checkTogether(answers);
  return answers;
}
