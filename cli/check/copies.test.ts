import { describe, expect, it } from "vitest";
import type { CheckFinding } from "../../reports/check";
import { withoutCopies } from "./copies";

const finding = (file: string, change: Partial<CheckFinding> = {}): CheckFinding => ({
  about: {
    name: "replicas",
    title: "",
    description: "",
    remediation: "",
    severity: "high",
    clause: "",
    url: "",
  },
  enforcement: "mandatory",
  place: { file, line: 7, column: 3 },
  subject: "Deployment shop/web",
  subjectId: "Deployment shop/web",
  message: "It is 1.",
  identity: [file],
  object: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: "shop",
    name: "web",
    template: "",
  },
  path: "spec.replicas",
  ...change,
});
const messages = (...all: readonly CheckFinding[]): readonly string[] =>
  withoutCopies(all).map(({ place, message }) => `${place.file} ${message}`);

describe("withoutCopies", () => {
  it("says a fault of the same object once, with the places of its copies", () => {
    expect(messages(finding("a"), finding("b"))).toEqual([
      "a It is 1. 1 copy of the object says the same: b:7:3.",
    ]);
    expect(messages(...["a", "b", "c", "d", "e", "f"].map((file) => finding(file)))).toEqual([
      "a It is 1. 5 copies of the object say the same: b:7:3, c:7:3, d:7:3 and 2 more.",
    ]);
  });

  it("says it once if it is reported twice at one place", () => {
    expect(messages(finding("a"), finding("a"))).toEqual(["a It is 1."]);
  });

  const { about, object } = finding("");
  it.each<Partial<CheckFinding>>([
    { message: "It is 0." },
    { path: "spec" },
    { enforcement: "advisory" },
    { about: { ...about, name: "other" } },
    { object: { ...object, name: "api" } },
    { object: { ...object, namespace: "stock" } },
    { object: { ...object, kind: "StatefulSet" } },
    { object: { ...object, apiVersion: "apps/v1beta1" } },
  ])("keeps another fault, and that of another object: %j", (change) => {
    expect(messages(finding("a"), finding("b", change))).toHaveLength(2);
  });

  it("says once what overlays put into several namespaces", () => {
    const staging = { object: { ...object, namespace: "staging" } };
    const [first, other] = ["shop", "staging"].map((namespace) => `In ${namespace}/web it is 1.`);
    expect(
      messages(
        finding("a", { message: first ?? "" }),
        finding("a", { ...staging, message: other ?? "" }),
      ),
    ).toEqual(["a In shop/web it is 1."]);
    expect(messages(finding("a"), finding("a", { ...staging, message: "It is 2." }))).toHaveLength(
      2,
    );
  });

  it("keeps those of objects without a name", () => {
    const nameless = { object: { ...object, name: "" } };
    expect(messages(finding("a", nameless), finding("b", nameless))).toHaveLength(2);
  });
});
