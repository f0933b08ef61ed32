/**
 * Typed quantities. A plain number in a system file is always a count. Everything with a unit is
 * built by one of these functions, so that "5" minutes cannot be mistaken for seconds.
 */

/** A length of time. */
export interface Duration {
  readonly kind: "duration";
  readonly seconds: number;
}

/** An amount of memory or storage. */
export interface Size {
  readonly kind: "size";
  readonly bytes: number;
}

/** An amount of CPU, in Kubernetes' units. */
export interface Cpu {
  readonly kind: "cpu";
  readonly millicores: number;
}

/** A ratio: 0.01 is one percent. */
export interface Ratio {
  readonly kind: "ratio";
  readonly value: number;
}

const duration = (seconds: number): Duration => ({ kind: "duration", seconds });
const size = (bytes: number): Size => ({ kind: "size", bytes });

export const milliseconds = (n: number): Duration => duration(n / 1000);
export const seconds = (n: number): Duration => duration(n);
export const minutes = (n: number): Duration => duration(n * 60);
export const hours = (n: number): Duration => duration(n * 3600);
export const days = (n: number): Duration => duration(n * 86_400);

export const mib = (n: number): Size => size(n * 1024 ** 2);
export const gib = (n: number): Size => size(n * 1024 ** 3);

export const millicores = (n: number): Cpu => ({ kind: "cpu", millicores: n });
export const cores = (n: number): Cpu => millicores(n * 1000);

/** `percent(99.9)` is the ratio 0.999, rounded to remove floating-point noise. */
export const percent = (n: number): Ratio => ({
  kind: "ratio",
  value: Number((n / 100).toPrecision(12)),
});

/** Kubernetes' notation, exact: `512Mi`, `2Gi`. */
export function quantity(value: Size | Cpu): string {
  if (value.kind === "cpu") {
    return value.millicores % 1000 === 0
      ? String(value.millicores / 1000)
      : `${String(value.millicores)}m`;
  }
  for (const [suffix, unit] of [
    ["Gi", 1024 ** 3],
    ["Mi", 1024 ** 2],
    ["Ki", 1024],
  ] as const) {
    if (value.bytes % unit === 0) return `${String(value.bytes / unit)}${suffix}`;
  }
  return String(value.bytes);
}

/** Prometheus' and Go's notation: `90s`, `5m`, `6h`, `500ms`; the largest unit that divides it. */
export function durationText(value: Duration): string {
  const ms = Math.round(value.seconds * 1000);
  for (const [suffix, unit] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const) {
    if (ms !== 0 && ms % unit === 0) return `${String(ms / unit)}${suffix}`;
  }
  return `${String(ms)}ms`;
}
