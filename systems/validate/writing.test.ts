import { expect, it } from "vitest";
import { validateSystem } from "../validate";
import { changed, describeRules } from "./fixtures/describe-rules";
import { shop } from "./fixtures/shop";
import { WRITING_RULES } from "./writing";

it("accepts headings alone from a system without its own requirements", () => {
  const headings = JSON.parse(JSON.stringify(shop).replaceAll('["SH-01"]', "[]")) as typeof shop;
  Reflect.deleteProperty(headings, "requirements");
  expect(validateSystem(headings)).toEqual([]);
  expect(validateSystem(changed({ "slos.1.clause.ids": [] }))).toHaveLength(1);
});

describeRules(WRITING_RULES, [
  {
    rule: "kubernetes-name",
    broken: "a name with capitals",
    change: { "services.1.workload": "ShopMailer" },
    path: "services[mailer].workload",
    message:
      'A workload\'s name is "ShopMailer", but must be 1 to 63 characters of a-z, 0-9 and -, with a letter or digit at both ends: rename it.',
  },
  {
    rule: "kubernetes-name",
    broken: "a namespace with a dot",
    change: { "namespaces.staging": "shop.staging" },
    path: "namespaces.staging",
    message:
      'A namespace\'s name is "shop.staging", but must be 1 to 63 characters of a-z, 0-9 and -, with a letter or digit at both ends: rename it.',
  },
  {
    rule: "kubernetes-name",
    broken: "a Deployment name that ends with a hyphen",
    change: { "services.0.rollout.deployments.green": "shop-" },
    path: "services[store].rollout.deployments",
    message:
      'A Deployment\'s name is "shop-", but must be 1 to 63 characters of a-z, 0-9 and -, with a letter or digit at both ends: rename it.',
  },
  {
    rule: "maintenance-start",
    broken: "an invalid time",
    change: { "maintenance.start": "24:00" },
    path: "maintenance.start",
    message:
      'The start of the maintenance window is "24:00", but must be a time of day in UTC, HH:MM: write it as in "02:00".',
  },
  {
    rule: "clause-known",
    broken: "an element without a requirement",
    change: { "slos.1.clause.ids": [] },
    path: "slos[1]",
    message:
      "The clause of slos[1] is without a requirement, but must be one or more requirement ids with the runbook's heading: name the requirement that the element implements.",
  },
  {
    rule: "clause-known",
    broken: "a requirement that is not listed",
    change: { "slos.1.clause.ids": ["ALL-99"] },
    path: "slos[1].clause.ids",
    message:
      "A requirement of slos[1] is \"ALL-99\", but must be one of the system's own requirements, or one that requirements.ts lists for all systems: correct the id or add it to the system's requirements.",
  },
  {
    rule: "requirement-realised",
    broken: "a requirement that no element names",
    change: { requirements: { "SH-01": "Sells", "SH-02": "Delivers" } },
    path: "requirements[SH-02]",
    message:
      'The requirement "SH-02" is named by no element, but must be implemented by at least one: name it in the clause of an element or remove it.',
  },
  {
    rule: "clause-known",
    broken: "a requirement of the policies",
    change: { "slos.1.clause.ids": ["PO-01"] },
    path: "slos[1].clause.ids",
    message:
      "A requirement of slos[1] is \"PO-01\", but must be one of the system's own requirements, or one that requirements.ts lists for all systems: correct the id or add it to the system's requirements.",
  },
  {
    rule: "clause-known",
    broken: "an element without a heading",
    change: { "slos.1.clause.heading": " " },
    path: "slos[1].clause.heading",
    message:
      'The heading of slos[1] is "", but must be the runbook\'s, outermost first: name the heading.',
  },
  {
    rule: "ours-named",
    broken: "a reason for an attribute that is not there",
    change: { "slos.1.ours": { "indicator.treshold": "Because" } },
    path: "slos[1].ours",
    message:
      'The choice explained at slos[1] is "indicator.treshold", but must be an attribute that the element has, with a reason: name the attribute that was chosen, and give the reason.',
  },
  {
    rule: "ours-named",
    broken: "an attribute without a reason",
    change: { "slos.1.ours": { window: "" } },
    path: "slos[1].ours",
    message:
      'The choice explained at slos[1] is "window", but must be an attribute that the element has, with a reason: name the attribute that was chosen, and give the reason.',
  },
]);
