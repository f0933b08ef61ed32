import { describe, expect, it } from "vitest";
import { paint } from "./colour";
import { findingsText } from "./findings-text";
import { CHECKED } from "./fixtures/check";

const text = (width = 100, colour = false): readonly string[] =>
  findingsText(CHECKED.findings, width, paint(colour));

describe("findingsText", () => {
  it("shows a policy's requirement and fix once, then the positions", () => {
    expect(text()).toEqual([
      "  mandatory, high  housed: There is a Namespace",
      "    All have a Namespace.",
      "    fix       Write a Namespace.",
      "    enforces  PO-04",
      "    - all objects together",
      "      There is no Namespace.",
      "  mandatory, high  replicas: More than one",
      "    Deployments have replicas.",
      "    fix       Write replicas.",
      "    enforces  PO-01; CKV_1, https://example.com/replicas",
      "    - deploy/a.yaml:9:3: Deployment shop/api",
      '      Deployment "shop/api": spec.replicas is 1; it must be 2 or more.',
      "  advisory, low  tier: Tiers are named",
      "    Objects have a tier.",
      "    fix       Write tier.",
      "    enforces  PO-03",
      "    - deploy/a.yaml:4:5: Deployment shop/api",
      '      Deployment "shop/api": metadata.labels.tier is missing; it must be "web".',
      "    - /out side/b#\\u{1b}.yaml:12:1: Namespace shop (shop/templates/b.yaml)",
      '      Namespace "shop": a very long text a very long text a very long text a very long text a very',
      "      long text a very long text a very long text a very long text \\u{1b}[31m.",
    ]);
  });

  it("leaves out missing descriptions", () => {
    const [first] = CHECKED.findings;
    const silent = { title: "", description: "", remediation: "", clause: "", url: "" };
    const findings = [first].flatMap((one) =>
      one === undefined
        ? []
        : [{ ...one, message: "", about: { ...one.about, ...silent, severity: "" as const } }],
    );
    expect(findingsText(findings, 100, paint(false))).toEqual([
      "  advisory  tier",
      "    - deploy/a.yaml:4:5: Deployment shop/api",
    ]);
  });

  it("never breaks a position, even on a narrow terminal", () => {
    expect(text(40)).toContain("    - deploy/a.yaml:4:5: Deployment");
    expect(text(16)).toContain(
      "    - deploy/a.yaml:4:5:".replace("- ", "-\n      ").split("\n")[1],
    );
  });

  it("shows by colour which findings block a change", () => {
    expect(text(100, true)).toContain(
      "\u001b[31m  mandatory, high  replicas: More than one\u001b[39m",
    );
    expect(text(100, true)).toContain("\u001b[33m  advisory, low  tier: Tiers are named\u001b[39m");
  });
});
