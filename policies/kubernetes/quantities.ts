/** Kubernetes quantities: `250m` of CPU, `512Mi` of memory. */
import type { Value } from "../values";

const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const DECIMAL = ["k", "M", "G", "T", "P", "E"] as const;

const SUFFIXES: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["n", 1e-9],
  ["u", 1e-6],
  ["m", 1e-3],
  ...DECIMAL.map((suffix, index) => [suffix, 1000 ** (index + 1)] as const),
  ...BINARY.map((suffix, index) => [suffix, 1024 ** (index + 1)] as const),
]);

export function quantityOf({ string, number }: Value): number | undefined {
  return amountOf(string ?? number);
}

/** The number of a quantity; undefined if it is invalid or negative. */
export function amountOf(written: string | number | undefined): number | undefined {
  const match = /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[A-Za-z]*)$/.exec(String(written));
  if (match === null) return undefined;
  const [, digits = "", suffix = ""] = match;
  // An exponent needs digits after it: a bare E means 10¹⁸.
  if (/\d/.test(suffix)) return Number(`${digits}${suffix}`);
  const factor = SUFFIXES.get(suffix);
  return factor === undefined ? undefined : Number(digits) * factor;
}
