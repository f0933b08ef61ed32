import { expect, it } from "vitest";
import { Placeholder } from "../../policies/manifests/placeholder";
import { manifestOf, type Manifest } from "../../policies/manifests/resource";
import { withBuiltImages } from "./skaffold";

const manifests = (...objects: readonly Record<string, unknown>[]): readonly Manifest[] =>
  objects.flatMap((object) => manifestOf("a.yaml", object) ?? []);
const skaffold = {
  apiVersion: "skaffold/v4beta13",
  kind: "Config",
  build: { artifacts: [{ image: "cart" }, { context: "odd" }] },
  profiles: [{ name: "all", build: { artifacts: [{ image: "stock" }] } }, "odd"],
};
const pod = (...images: readonly unknown[]): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "shop" },
  spec: { containers: images.map((image) => ({ name: "a", image })), volumes: null },
});

it("knows nothing yet of the images that Skaffold builds, in every rendering", () => {
  const groups = [manifests(skaffold), manifests(pod("cart", "stock", "redis", 7))];
  const [config, [shop] = []] = withBuiltImages(groups);
  expect(config).toEqual(groups[0]);
  expect(shop?.object).toEqual(pod(new Placeholder("cart"), new Placeholder("stock"), "redis", 7));
});

it("leaves all as it is where nothing is built", () => {
  const groups = [manifests({ ...skaffold, build: 7, profiles: 7 }, pod("cart"))];
  expect(withBuiltImages(groups)).toBe(groups);
  const other = [manifests({ ...skaffold, apiVersion: "v1" }, pod("cart"))];
  expect(withBuiltImages(other)).toBe(other);
});
