import { expect, it } from "vitest";
import { manifestOf, type Manifest } from "../../policies/manifests/resource";
import { elsewhereOf } from "./elsewhere";

const TYPE = "kubernetes:core:ConfigMap";
const map = (file: string, name: string, namespace?: string): readonly Manifest[] => {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const manifest = manifestOf(file, { apiVersion: "v1", kind: "ConfigMap", metadata });
  return manifest === undefined ? [] : [manifest];
};

it("finds what another rendering has, and not what only this one has", () => {
  const of = elsewhereOf([map("a.yaml", "words", "shop"), map("b.yaml", "words"), []]);
  expect(of(1)(TYPE, "shop", "words")).toBe("a.yaml");
  expect(of(2)(TYPE, "default", "words")).toBe("b.yaml");
  expect(of(0)(TYPE, "shop", "words")).toBeUndefined();
  expect(of(1)(TYPE, "stock", "words")).toBeUndefined();
  expect(of(1)(TYPE, "shop", "other")).toBeUndefined();
  expect(of(1)("kubernetes:core:Secret", "shop", "words")).toBeUndefined();
});

it("knows of nothing elsewhere if all is judged together", () => {
  expect(elsewhereOf([map("a.yaml", "words", "shop")])(1)(TYPE, "shop", "words")).toBeUndefined();
});
