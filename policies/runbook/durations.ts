/** Prometheus' durations: `90s`, `5m`, `1h30m`. */

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** In seconds; undefined for a text that is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  const sum = parts.reduce((all, [, n, unit]) => all + Number(n) * (SECONDS[unit ?? ""] ?? 0), 0);
  return Number(sum.toPrecision(12));
}
