/** For tests: a few policies that are independent of the real pack. */
import { expectEqual, expectAtLeast, each } from "../expect";
import type { Policy, StackCheck } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf } from "../policy";

const about = (name: string): Omit<Policy, "name" | "check" | "enforcement"> => ({
  title: `The ${name}`,
  clause: { reference: `PO-03; ${name.toUpperCase()}`, url: `https://example.com/${name}` },
  severity: "high",
  themes: ["workloads"],
  prevents: `What ${name} prevents.`,
  description: `The rule of ${name}.`,
  remediation: `Write ${name}.`,
});

const DEPLOYMENT = "kubernetes:apps:Deployment";

/** Deployments have at least `least` replicas, by default 2. */
export const replicas: Policy = {
  ...about("replicas"),
  name: "replicas",
  enforcement: STRICT_IN_PRODUCTION,
  configuration: {
    properties: { least: { type: "integer", minimum: 1, default: 2, description: "At least" } },
  },
  check: each([DEPLOYMENT], (check) => {
    const least = check.context.setting("least", 2);
    expectAtLeast(check, check.resource.props.get("spec", "replicas"), least);
  }),
};

/** Every object has a tier; advisory. */
export const tier: Policy = {
  ...about("tier"),
  name: "tier",
  severity: "low",
  enforcement: ADVICE,
  check: each("every", (check) => {
    expectEqual(check, check.resource.props.get("metadata", "labels", "tier"), "web");
  }),
};

const together = (name: string, run: StackCheck["run"]): Policy => ({
  ...about(name),
  name,
  enforcement: STRICT_IN_PRODUCTION,
  check: { kind: "stack", run },
});

/** Each Deployment is the target of a Service of its name. */
export const served = together("served", (stack, context) => {
  const services = new Set(
    stack.of("kubernetes:core:Service").map(({ props }) => props.get("metadata", "name").string),
  );
  for (const resource of stack.of(DEPLOYMENT)) {
    if (!services.has(resource.props.get("metadata", "name").string)) {
      context.report(`${nameOf(resource)} has no Service.`, resource.urn);
    }
  }
});

/** All objects together have a Namespace. */
export const housed = together("housed", (stack, context) => {
  if (stack.of("kubernetes:core:Namespace").length === 0) context.report("There is no Namespace.");
});

/** Checks something that only a program has. */
const programmed: Policy = {
  ...tier,
  name: "programmed",
  needs: "program",
};

export const SAMPLE: readonly Policy[] = [replicas, tier, served, housed, programmed];

export const deploymentObject = (name: string, count?: number): Record<string, unknown> => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "shop", labels: { tier: "web" } },
  spec: { ...(count === undefined ? {} : { replicas: count }) },
});
