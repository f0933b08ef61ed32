import { describe, expect, it } from "vitest";
import { broken, deployment } from "../testing/fixtures";
import { looseness } from "./images";
import { UNKNOWN, messages } from "../testing";
import type { Key } from "../values";

const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
const INIT: readonly Key[] = ["spec", "template", "spec", "initContainers", 0];
const API = 'Deployment "shop/orders", container "api": spec.template.spec.containers[0]';
const MIGRATE =
  'Deployment "shop/orders", init container "migrate": spec.template.spec.initContainers[0]';

describe("container-resources", () => {
  const wanted = 'it must be set, as a quantity such as "250m" or "512Mi".';

  it("accepts requests and a memory limit", async () => {
    expect(await messages("container-resources", [deployment()])).toEqual([]);
  });

  it.each<[Key, Key]>([
    ["requests", "cpu"],
    ["requests", "memory"],
    ["limits", "memory"],
  ])("wants %s.%s", async (group, unit) => {
    const given = broken(deployment(), [...CONTAINER, "resources", group, unit]);
    expect(await messages("container-resources", [given])).toEqual([
      `${API}.resources.${String(group)}.${String(unit)} is missing; ${wanted}`,
    ]);
  });

  it("wants all three of an init container without resources", async () => {
    const given = broken(deployment(), [...INIT, "resources"]);
    expect(await messages("container-resources", [given])).toEqual(
      ["requests.cpu", "requests.memory", "limits.memory"].map(
        (field) => `${MIGRATE}.resources.${field} is missing; ${wanted}`,
      ),
    );
  });

  it("leaves unknown resources open", async () => {
    const given = broken(deployment(), [...CONTAINER, "resources"], UNKNOWN);
    expect(await messages("container-resources", [given])).toEqual([]);
  });
});

describe("image-pinned", () => {
  it("accepts a version", async () => {
    expect(await messages("image-pinned", [deployment()])).toEqual([]);
  });

  it("names the image that is not pinned", async () => {
    const given = broken(deployment(), [...CONTAINER, "image"], "localhost:5000/orders/api");
    expect(await messages("image-pinned", [given])).toEqual([
      `${API}.image is "localhost:5000/orders/api"; it has no tag: write a version as tag, or a digest.`,
    ]);
  });

  it.each([UNKNOWN, undefined])("leaves an image of %s to the API server", async (image) => {
    const given = broken(deployment(), [...CONTAINER, "image"], image);
    expect(await messages("image-pinned", [given])).toEqual([]);
  });

  it.each([
    ["nginx", "it has no tag"],
    ["nginx:", "it has no tag"],
    ["registry:5000/nginx", "it has no tag"],
    ["nginx:latest", 'its tag is "latest"'],
    ["nginx@sha256:12", "its digest is not sha256 in hexadecimal"],
    ["nginx:1.29", undefined],
    ["registry:5000/web/nginx:1.29", undefined],
    [`nginx@sha256:${"a1".repeat(32)}`, undefined],
    [`nginx:latest@sha256:${"a1".repeat(32)}`, undefined],
  ])("%s: %s", (reference, why) => {
    expect(looseness(reference)).toBe(why);
  });
});
