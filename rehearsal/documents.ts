/** The commands of a document, so that what is rehearsed is what people read. */
import { readFileSync } from "node:fs";

const FENCE = /^```sh\n(.*?)^```$/gmsu;

/**
 * The blocks of commands of one section, without those of its subsections.
 *
 * @throws Error if the document has no such heading, or if there is no command below it
 */
export function commandsUnder(file: string, heading: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  const sections = text.split(/^#{1,6} (?=\S)/mu);
  const section = sections.find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${file} has no heading "${heading}".`);
  const blocks = [...section.matchAll(FENCE)].map(([, block = ""]) => block);
  if (blocks.length === 0) throw new Error(`${file} has no commands below "${heading}".`);
  return blocks;
}
