import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Plan, PlanObject } from "../offline/plan";
import { planOf, resource, stackResource } from "../reports/fixtures/plan";
import { placesOf } from "./places";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "runstack-places-"));
  mkdirSync(join(dir, "systems/shop"), { recursive: true });
  write(
    "Pulumi.prod.yaml",
    "config:\n  runstack:environment: prod\n  runstack:system: shop\n  runstack:policyExemptions: []\n",
  );
  write("systems/shop.ts", 'services: [\n  { name: "web", port: 1 },\n  { name: "twice" },\n]\n');
  write("systems/shop/data.ts", '{ name: "orders" },\n{ name: "twice" },\n');
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});
const write = (path: string, text: string): void => {
  writeFileSync(join(dir, path), text);
};

const planned = (inputs: PlanObject): Plan =>
  planOf({
    stack: "prod",
    system: "shop",
    resources: [
      stackResource,
      resource({ type: "kubernetes:apps/v1:Deployment", name: "d", inputs }),
    ],
  });

function placeOf(plan: Plan, message = "It is wrong."): string {
  const urn = plan.resources.at(-1)?.urn ?? "";
  const violation = { policy: "p", enforcement: "mandatory", urn, message, clause: "" } as const;
  const { file, line } = placesOf(plan, dir)(violation);
  return `${file}:${String(line)}`;
}

it.each<[string, PlanObject, string]>([
  [
    "an element by its label",
    { metadata: { name: "x", labels: { "app.kubernetes.io/name": "web" } } },
    "systems/shop.ts:2",
  ],
  ["an element by its own name", { metadata: { name: "orders" } }, "systems/shop/data.ts:1"],
  ["a cloud's resource by its name", { name: "orders" }, "systems/shop/data.ts:1"],
  ["the system, where two elements have the name", { name: "twice" }, "Pulumi.prod.yaml:3"],
  ["the system, where none has it", { name: "vpc" }, "Pulumi.prod.yaml:3"],
  ["the system, where the name is a secret", { name: { $secret: true } }, "Pulumi.prod.yaml:3"],
])("finds %s", (_, inputs, place) => {
  expect(placeOf(planned(inputs))).toBe(place);
});

it("finds the key that a message names, if it is set", () => {
  const web = planned({ name: "web" });
  expect(placeOf(web, "See runstack:policyExemptions.")).toBe("Pulumi.prod.yaml:4");
  expect(placeOf(web, "Set runstack:redis.")).toBe("systems/shop.ts:2");
});

it("finds the key that a policy's remedy names", () => {
  const plan = planned({ name: "web" });
  const about = { name: "p", title: "", description: "", url: "", severity: "high" } as const;
  const policies = {
    ...plan.policies,
    descriptions: [{ ...about, remediation: "Change runstack:environment." }],
  };
  expect(placeOf({ ...plan, policies })).toBe("Pulumi.prod.yaml:2");
});

it("falls back to the first line of a file that chooses no system, and reads no path of a system's name", () => {
  write("Pulumi.prod.yaml", "config: {}\n");
  expect(placeOf({ ...planned({ name: "web" }), system: "../shop" })).toBe("Pulumi.prod.yaml:1");
});
