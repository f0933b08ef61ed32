/** What is left of a file when one of its documents cannot be parsed. */
import { parseYaml, YamlError } from "./yaml";

export interface Salvaged {
  /** The file with blanks in place of what cannot be parsed, so that the rest stays where it is. */
  readonly text: string;
  readonly broken: readonly Broken[];
}

interface Broken {
  readonly error: YamlError;
  /** The document. */
  readonly text: string;
}

/** @param whole what parsing the whole text says */
export function salvaged(text: string, whole: YamlError): Salvaged {
  const broken: Broken[] = [];
  let line = 0;
  const rest = documentsOf(text).map((piece) => {
    const before = line;
    line += linesIn(piece);
    const wrong = errorIn(piece);
    if (wrong === undefined) return piece;
    const { message, place } = wrong;
    const error = new YamlError(message, { ...place, line: place.line + before });
    broken.push({ error, text: piece });
    return blank(piece);
  });
  // The pieces were cut in the wrong places.
  return broken.length === 0 || errorIn(rest.join("")) !== undefined
    ? { text: blank(text), broken: [{ error: whole, text }] }
    : { text: rest.join(""), broken };
}

const SEPARATOR = /^(?=---(?:\s|$))/m;

/** Each with the separator above it, and the first with its directives. */
function documentsOf(text: string): readonly string[] {
  const [first = "", second = "", ...others] = text.split(SEPARATOR);
  return /^%/m.test(first) ? [first + second, ...others] : [first, second, ...others];
}

const linesIn = (text: string): number => text.split(/\r\n|\n|\r/).length - 1;

/** The separator stays: it ends a text above it. */
function blank(text: string): string {
  const [mark = ""] = /^---(?=\s|$)/.exec(text) ?? [];
  return mark + text.slice(mark.length).replace(/[^\r\n]/g, " ");
}

function errorIn(text: string): YamlError | undefined {
  try {
    parseYaml(text);
    return undefined;
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
}
