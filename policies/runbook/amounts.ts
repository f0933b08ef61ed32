/** Kubernetes' quantities: `250m`, `1.5`, `512Mi`, `2G`. */

const UNITS: Readonly<Record<string, number>> = {
  m: 0.001,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** In cores or bytes; undefined for what is no quantity. */
export function amountOf(written: string | number | undefined): number | undefined {
  if (typeof written === "number") return written;
  const match = /^(\d+(?:\.\d+)?)(m|k|[KMGT]i|[MGT]|)$/.exec(written ?? "");
  const unit = UNITS[match?.[2] ?? "none"];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
