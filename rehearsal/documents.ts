/** The commands of a document, so that what is rehearsed is what people read. */
import { readFileSync } from "node:fs";

const HEADING = /^#{1,6} (.*)$/u;
const FENCE = /^```/u;

/**
 * The blocks of commands of one section, without those of its subsections.
 *
 * @throws Error if the document has no such heading, or if there is no command below it
 */
export function commandsUnder(file: string, heading: string): readonly string[] {
  const blocks: string[][] = [];
  let found = false;
  let inside = false;
  // The fence that is open: `` ```sh `` or another.
  let fence: string | undefined;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (FENCE.test(line)) {
      fence = fence === undefined ? line : undefined;
      if (inside && fence === "```sh") blocks.push([]);
    } else if (fence !== undefined) {
      if (inside && fence === "```sh") blocks.at(-1)?.push(line);
    } else {
      const [, title] = HEADING.exec(line) ?? [];
      if (title !== undefined) inside = title === heading;
      found ||= inside;
    }
  }
  if (!found) throw new Error(`${file} has no heading "${heading}".`);
  if (blocks.length === 0) throw new Error(`${file} has no commands below "${heading}".`);
  return blocks.map((lines) => `${lines.join("\n")}\n`);
}
