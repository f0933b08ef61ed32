/** Durations as Go and Prometheus write them: `90s`, `5m`, `1h30m`. */

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** In seconds; undefined for a text that is no duration. Days, weeks and years are Prometheus's. */
export function secondsOf(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|[smhdwy]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)([a-zµ]+)/g)];
  const sum = parts.reduce((all, [, n, unit = ""]) => all + Number(n) * (SECONDS[unit] ?? 0), 0);
  return Number(sum.toPrecision(12));
}
