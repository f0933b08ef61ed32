/**
 * PromQL as far as can be told without its grammar: quotes end, brackets close in order, and nothing
 * ends on an operator. promtool says the rest.
 */

const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** What is wrong with an expression; undefined if nothing is seen. */
export function flaw(expression: string): string | undefined {
  const bare = withoutTexts(expression);
  if (bare === undefined) return "a quote does not end";
  if (bare.trim() === "") return "there is no expression";
  const open: string[] = [];
  for (const sign of bare) {
    if ("([{".includes(sign)) open.push(sign);
    const expected = CLOSING[sign];
    if (expected !== undefined && open.pop() !== expected) return `"${sign}" closes nothing`;
  }
  const left = open.at(-1);
  if (left !== undefined) return `"${left}" is not closed`;
  return /([-+*/%^<>=!,]|\b(and|or|unless))\s*$/.test(bare) ? "it ends on an operator" : undefined;
}

/** Comments gone, and texts emptied; undefined where a text does not end. */
function withoutTexts(expression: string): string | undefined {
  const bare = expression.replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#.*/g,
    (found) => (found.startsWith("#") ? "" : "_"),
  );
  return /["'`]/.test(bare) ? undefined : bare;
}
