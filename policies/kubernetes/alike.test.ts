import { expect, it } from "vitest";
import { messages, type Fixture } from "../testing";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";
import { isSlip } from "./alike";

it.each<[string, string, boolean]>([
  ["/health", "/healthz", true],
  ["/healthz", "/health", true],
  ["/heelth", "/health", true],
  ["/health", "/health", false],
  ["/live", "/ready", false],
  ["/", "/ready", false],
])("isSlip %s %s: %s", (one, other, expected) => {
  expect(isSlip(one, other)).toBe(expected);
});

const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
const using = (name: string, image: string): Fixture => ({
  ...broken(broken(deployment(), [...CONTAINER, "image"], image), ["metadata", "name"], name),
  name,
});

it("wants one version of an image", async () => {
  const said = (...images: readonly string[]): Promise<readonly string[]> =>
    messages(
      "image-one-version",
      images.map((image, index) => using(`d${index}`, image)),
    );
  const own = "registry.example.com/tool";
  expect(await said(`${own}:1`, `${own}:1`, `${own}:1x`)).toEqual([
    `Deployment "shop/d2", container "api": spec.template.spec.containers[0].image is "${own}:1x"; other containers use ":1" of this image: use the same version.`,
  ]);
  expect(await said(`${own}:1`, `${own}:1`, `${own}:2`, `${own}:2`)).toEqual([]);
  expect(await said(`${own}:1`, "other:2", own)).toEqual([]);
  // Variants of one object.
  const variant = { ...using("d0", `${own}:2`), name: "other" };
  expect(await messages("image-one-version", [using("d0", `${own}:1`), variant])).toEqual([]);
  // They do not count for each other.
  const others = ["d1", "d2"].map((name) => using(name, `${own}:1`));
  const variants = [variant, using("d0", `${own}:2`), ...others];
  expect(await messages("image-one-version", variants)).toHaveLength(2);
});

it("finds a slip in the path of a probe", async () => {
  const probing = (...paths: readonly (string | undefined)[]): Fixture =>
    ["startupProbe", "livenessProbe", "readinessProbe"].reduce(
      (fixture, probe, index) =>
        broken(fixture, [...CONTAINER, probe], { httpGet: { path: paths[index], port: 8110 } }),
      deployment(),
    );
  const said = (...paths: readonly (string | undefined)[]): Promise<readonly string[]> =>
    messages("probe-paths-alike", [probing(...paths)]);
  expect(await said("/health", "/health", "/healthx")).toEqual([
    'Deployment "shop/orders", container "api": spec.template.spec.containers[0].readinessProbe.httpGet.path is "/healthx"; the container\'s other probes use "/health": use the same path, if this is a slip.',
  ]);
  expect(await said("/health", "/health", "/ready")).toEqual([]);
  expect(await said("/a", "/b", "/c")).toEqual([]);
  const one = (probe: string): string =>
    `Deployment "shop/orders", container "api": spec.template.spec.containers[0].${probe}.httpGet.path is "/healthx"; the container's other probe uses "/health": use the same path, if this is a slip.`;
  expect(await said(undefined, "/health", "/healthx")).toEqual([one("readinessProbe")]);
  expect(await said(undefined, "/healthx", "/health")).toEqual([one("livenessProbe")]);
  expect(await said(undefined, "/live", "/ready")).toEqual([]);
  expect(await said(undefined, "/", "/x")).toEqual([]);
});
