import { expect, it } from "vitest";
import { manifestOf, type Manifest } from "../../policies/manifests/resource";
import { elsewhereOf } from "./elsewhere";

const TYPE = "kubernetes:core:ConfigMap";
const map = (file: string, name: string, namespace?: string): readonly Manifest[] => {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const manifest = manifestOf(file, { apiVersion: "v1", kind: "ConfigMap", metadata });
  return manifest === undefined ? [] : [manifest];
};

const FROM = { type: "kubernetes:apps/v1:Deployment", namespace: "shop", name: "web" };

it("finds what another rendering has, and not what only this one has", () => {
  const of = elsewhereOf([map("a.yaml", "words", "shop"), map("b.yaml", "words"), []]);
  expect(of(1)(TYPE, "shop", "words", FROM)).toBe("a.yaml");
  expect(of(2)(TYPE, "default", "words", FROM)).toBe("b.yaml");
  expect(of(0)(TYPE, "shop", "words", FROM)).toBeUndefined();
  expect(of(1)(TYPE, "stock", "words", FROM)).toBeUndefined();
  expect(of(1)(TYPE, "shop", "other", FROM)).toBeUndefined();
  expect(of(1)("kubernetes:core:Secret", "shop", "words", FROM)).toBeUndefined();
});

it("knows of nothing elsewhere if all is judged together", () => {
  expect(
    elsewhereOf([map("a.yaml", "words", "shop")])(1)(TYPE, "shop", "words", FROM),
  ).toBeUndefined();
});

it("does not excuse what a variant with the same referring object forgot", () => {
  const [web] = [
    manifestOf("web.yaml", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
    }),
  ].flatMap((one) => one ?? []);
  if (web === undefined) throw new Error("it is a manifest");
  const dev = [web, ...map("dev.yaml", "words", "shop")];
  expect(elsewhereOf([dev, [web]])(1)(TYPE, "shop", "words", FROM)).toBeUndefined();
  const shared = map("shared.yaml", "words", "shop");
  expect(elsewhereOf([dev, [web], shared])(1)(TYPE, "shop", "words", FROM)).toBe("shared.yaml");
  const other = { ...FROM, name: "api" };
  expect(elsewhereOf([dev, [web]])(1)(TYPE, "shop", "words", other)).toBe("dev.yaml");
});
