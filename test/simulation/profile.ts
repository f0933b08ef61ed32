/** What a simulated system exports, minute by minute, and promtool's notation for it. */

/** A gauge's value, or what a counter grows by in a minute. */
export interface Exported {
  readonly kind: "gauge" | "counter";
  readonly value: number;
}

/** Series by name and labels: `up{pod="a"}`. */
export type Profile = ReadonlyMap<string, Exported>;

/** What is different for some minutes: another value, or no sample at all. */
export interface Phase {
  readonly minutes: number;
  readonly changes: ReadonlyMap<string, number | "gone">;
}

export const series = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(",")}}`;

export const metricOf = (key: string): string => key.slice(0, key.indexOf("{"));

export const labelsOf = (key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...key.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, label = "", value = '""']) => [
      label,
      JSON.parse(value) as string,
    ]),
  );

/** One sample a minute, from the beginning of the first phase to the end of the last. */
export function rendered(
  profile: Profile,
  phases: readonly Phase[],
): readonly { readonly series: string; readonly values: string }[] {
  return [...profile].map(([key, exported]) => {
    let total = 0;
    const values = phases.map(({ minutes, changes }) => {
      const value = changes.get(key) ?? exported.value;
      if (value === "gone") return `stale _x${String(minutes - 1)}`;
      if (exported.kind === "gauge") return `${String(value)}x${String(minutes - 1)}`;
      const from = total;
      total += value * minutes;
      return `${String(from)}+${String(value)}x${String(minutes - 1)}`;
    });
    return { series: key, values: values.join(" ") };
  });
}
