import { describe, expect, it } from "vitest";
import type { PlannedResource } from "../../offline/plan";
import { leftOut, usesOf } from "./plans-uses";

const resource = (urn: string, inputs: object): PlannedResource =>
  ({ urn, name: urn, type: "kubernetes:apps/v1:Deployment", inputs }) as unknown as PlannedResource;

describe("usesOf", () => {
  const uses = usesOf([
    resource("a", {
      spec: {
        serviceAccountName: "robot",
        scaleTargetRef: { kind: "StatefulSet", name: "db" },
        image: "docker.io/library/postgres:18.1",
        env: [
          { value: "http://api.shop.svc:80" },
          { value: "redis://cache/0" },
          { value: "queue:9092" },
          { value: "plain" },
        ],
      },
    }),
  ]);
  const of = (name: string, kind: string): boolean => uses(name, `kubernetes:g:${kind}`, "b");
  const service = (name: string): boolean => uses(name, "kubernetes:core:Service", "b");

  it("knows the kind by the field, or by the kind beside it", () => {
    expect(of("robot", "ServiceAccount")).toBe(true);
    expect(of("robot", "Secret")).toBe(false);
    expect(of("db", "StatefulSet")).toBe(true);
    expect(of("db", "Deployment")).toBe(false);
  });

  it("finds Services in texts that are hosts", () => {
    expect(["api", "cache", "queue"].map(service)).toEqual([true, true, true]);
    expect(["plain", "postgres", "shop", "http"].map(service)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("does not count the object's own values", () => {
    expect(uses("robot", "kubernetes:core:ServiceAccount", "a")).toBe(false);
  });
});

it("knows what expressions leave out", () => {
  const selector = (operator: string, ...values: readonly string[]): object => ({
    podSelector: {
      matchLabels: { part: "shop" },
      matchExpressions: [{ key: "app", operator, values }],
    },
  });
  const out = (
    labels: Readonly<Record<string, string>>,
    ...selectors: readonly object[]
  ): boolean => leftOut(selectors.map((one) => resource("a", one)))(labels, ["part=shop"]);
  expect(out({ app: "a" }, selector("In", "a", "b"))).toBe(false);
  expect(out({ app: "c" }, selector("In", "a", "b"))).toBe(true);
  expect(out({ app: "c" }, selector("NotIn", "c"))).toBe(true);
  expect(out({}, selector("Exists"))).toBe(true);
  expect(out({}, selector("DoesNotExist"))).toBe(false);
  expect(out({ app: "c" }, selector("In", "a"), selector("In", "c"))).toBe(false);
  expect(
    out({ app: "c" }, selector("In", "a"), { podSelector: { matchLabels: { part: "shop" } } }),
  ).toBe(false);
});
