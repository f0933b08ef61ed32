/** Names for elements in paths, such as `alerts[HighErrorRate/critical]`. */

/** Attributes that name an element among its siblings: the first that tell all of them apart. */
const NAMES: readonly (readonly string[])[] = [
  ["name"],
  ["name", "severity"],
  ["id"],
  ["uid"],
  ["key"],
  ["host"],
  ["host", "environment"],
  ["tool"],
  ["policy", "of"],
  ["of"],
  ["level"],
  ["path"],
  ["title"],
  ["service"],
  ["service", "path"],
  ["kind"],
  ["kind", "metric"],
];

const text = (element: unknown, attribute: string): string => {
  const value: unknown = (element as Readonly<Record<string, unknown>>)[attribute];
  return typeof value === "string" ? value : "";
};

/** A label for each element of a list, from what names it; its position if nothing does. */
export function labelsOf(list: readonly unknown[]): readonly string[] {
  for (const attributes of NAMES) {
    const labels = list.map((element) =>
      attributes
        .map((attribute) => text(element, attribute))
        .filter(Boolean)
        .join("/"),
    );
    if (!labels.includes("") && new Set(labels).size === labels.length) return labels;
  }
  return list.map((_, index) => String(index));
}
