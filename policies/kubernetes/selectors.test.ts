import { describe, expect, it } from "vitest";
import { selects } from "./selectors";
import { UNKNOWN } from "../testing";
import { valueOf } from "../wire";

const LABELS = valueOf({ app: "orders", tier: "web", build: UNKNOWN });
const match = (selector: object): string => selects(valueOf(selector), LABELS);
const expression = (key: string, operator: string, values?: readonly string[]): object => ({
  matchExpressions: [{ key, operator, values }],
});

describe("selects", () => {
  it.each<[object, string]>([
    [{}, "yes"],
    [{ matchLabels: { app: "orders" } }, "yes"],
    [{ matchLabels: { app: "orders", tier: "db" } }, "no"],
    [{ matchLabels: { build: "7" } }, "unknown"],
    [{ matchLabels: { build: "7", app: "cart" } }, "no"],
    [{ matchLabels: UNKNOWN }, "unknown"],
    [expression("app", "In", ["cart", "orders"]), "yes"],
    [expression("app", "In", ["cart"]), "no"],
    [expression("gone", "In", ["cart"]), "no"],
    [expression("app", "NotIn", ["cart"]), "yes"],
    [expression("app", "NotIn", ["orders"]), "no"],
    [expression("gone", "NotIn", ["orders"]), "yes"],
    [expression("app", "NotIn", [UNKNOWN]), "unknown"],
    [expression("app", "Exists"), "yes"],
    [expression("gone", "Exists"), "no"],
    [expression("gone", "DoesNotExist"), "yes"],
    [expression("app", "DoesNotExist"), "no"],
    [expression("build", "Exists"), "unknown"],
    [expression("app", "Equals"), "no"],
  ])("%j: %s", (selector, expected) => {
    expect(match(selector)).toBe(expected);
  });
});
