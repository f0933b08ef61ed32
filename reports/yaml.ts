/** YAML that every parser reads in the same way and that no name can break. */
import { Document, isScalar, visit } from "yaml";
import type { PlanValue } from "../offline/plan";

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Strings that some parsers read as something else if they are unquoted. */
const MISREAD = /^(?:0o[0-7]+|=|<<)$/;

/** Line breaks and tabs can stay. All other invisible characters need quotes and an escape. */
const needsQuotes = (text: string): boolean =>
  MISREAD.test(text) || (text.match(HIDDEN) ?? []).some((sign) => sign !== "\n" && sign !== "\t");

function escaped(sign: string): string {
  if (sign === "\n" || sign === "\t") return sign;
  const hex = (sign.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

/**
 * One YAML document, readable by YAML 1.1 parsers (which take a bare `yes` for true) and 1.2 ones,
 * with every hidden character as an escape. Ends with a line break.
 */
export function yamlText(value: PlanValue): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === "string" && needsQuotes(node.value)) {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  // After quoting, hidden characters only occur inside double quotes, where an escape means the same.
  return document
    .toString({ lineWidth: 0, directives: false, doubleQuotedMinMultiLineLength: Infinity })
    .replace(HIDDEN, escaped);
}
