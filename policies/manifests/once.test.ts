import { describe, expect, it } from "vitest";
import type { Found } from "./evaluate";
import { withoutRepeats } from "./once";
import { policyNamed } from "../catalog";

const found = (name: string, ...at: readonly (string | number)[]): Found => ({
  policy: policyNamed(name),
  level: "mandatory",
  manifest: undefined,
  message: name,
  at,
});

const left = (...all: readonly Found[]): readonly string[] =>
  withoutRepeats(all).map(({ message, at }) => `${message} ${at.join(".")}`);

describe("withoutRepeats", () => {
  it("keeps what the API server refuses, and drops what others say of the same value", () => {
    expect(
      left(
        found("workload-replicated", "spec", "replicas"),
        found("api-field-type", "spec", "replicas"),
      ),
    ).toEqual(["api-field-type spec.replicas"]);
  });

  it("drops what is said of something inside a value of a wrong type", () => {
    expect(
      left(
        found("api-field-type", "spec", "template"),
        found("pod-service-account", "spec", "template", "spec", "serviceAccountName"),
        found("recommended-labels", "metadata", "labels"),
      ),
    ).toEqual(["api-field-type spec.template", "recommended-labels metadata.labels"]);
  });

  it("keeps what is said of something inside a value that breaks a rule", () => {
    const all = [found("api-rules", "spec"), found("workload-replicated", "spec", "replicas")];
    expect(withoutRepeats(all)).toEqual(all);
  });

  it("prefers the policy on the type to others that know the API", () => {
    expect(
      left(
        found("workload-selector", "spec", "selector"),
        found("api-field-required", "spec", "selector"),
      ),
    ).toEqual(["api-field-required spec.selector"]);
  });

  it("keeps violations without a path, and everything if nothing is refused", () => {
    const all = [found("api-rules"), found("pod-controlled"), found("workload-selector")];
    expect(withoutRepeats(all)).toEqual(all);
    const others = [found("recommended-labels", "metadata"), found("pod-controlled", "metadata")];
    expect(withoutRepeats(others)).toEqual(others);
  });
});
