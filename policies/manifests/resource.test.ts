import { describe, expect, it } from "vitest";
import { typeKey } from "../policy";
import { Placeholder } from "./placeholder";
import { fullName, manifestOf, stackResourceOf, resourceOf, typeOf, urnsOf } from "./resource";
import { deploymentObject } from "./testing";

describe("manifestOf", () => {
  it("reads what an object is", () => {
    const object = deploymentObject("api", 2);
    expect(manifestOf("a.yaml", object)).toEqual({
      file: "a.yaml",
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "api",
      object,
    });
  });

  it.each([
    [undefined, ""],
    [{}, ""],
    ["text", ""],
    [{ name: 3 }, ""],
    [{ generateName: "run-" }, "run-*"],
    [{ name: "", generateName: "run-" }, "run-*"],
    [{ name: "one", generateName: "run-" }, "one"],
  ])("names %j %j", (metadata, name) => {
    expect(manifestOf("a", { apiVersion: "v1", kind: "Pod", metadata })).toMatchObject({
      name,
      namespace: "",
    });
  });

  it.each([
    ["v1", "Pod", true],
    ["kafka.strimzi.io/v1beta2", "Kafka", true],
    ["x/v1", "K8s", true],
    ["", "Pod", false],
    ["/v1", "Pod", false],
    ["a/b/c", "Pod", false],
    ["a b", "Pod", false],
    ["v1:", "Pod", false],
    ["v1", "", false],
    ["v1", "Po d", false],
    ["v1", "8s", false],
    ["v1", "Pod:", false],
    [1, "Pod", false],
    ["v1", null, false],
  ])("recognizes %j of %j as an object: %s", (apiVersion, kind, isObject) => {
    expect(manifestOf("a", { apiVersion, kind }) !== undefined).toBe(isObject);
  });
});

describe("the resource of a manifest", () => {
  it.each([
    ["v1", "Pod", "kubernetes:core/v1:Pod", "kubernetes:core:Pod"],
    ["apps/v1", "Deployment", "kubernetes:apps/v1:Deployment", "kubernetes:apps:Deployment"],
    [
      "keda.sh/v1alpha1",
      "ScaledObject",
      "kubernetes:keda.sh/v1alpha1:ScaledObject",
      "kubernetes:keda.sh:ScaledObject",
    ],
  ])("has the SDK's type for %s %s", (apiVersion, kind, type, key) => {
    expect(typeOf({ apiVersion, kind })).toBe(type);
    expect(typeKey(type)).toBe(key);
  });

  it("has its own URN, even for duplicates in a file", () => {
    const [one, other] = ["a.yaml", "b.yaml"].flatMap(
      (file) => manifestOf(file, deploymentObject("api")) ?? [],
    );
    const urn = "urn:check::a.yaml::kubernetes:apps/v1:Deployment::shop/api";
    expect(urnsOf([one, other, one, one].flatMap((manifest) => manifest ?? []))).toEqual([
      urn,
      urn.replace("a.yaml", "b.yaml"),
      `${urn}#2`,
      `${urn}#3`,
    ]);
  });

  it("is plain, and has no relations", () => {
    const [manifest] = [manifestOf("a.yaml", deploymentObject("api", 5))].flatMap((it) => it ?? []);
    if (manifest === undefined) throw new Error("The fixture is no object.");
    const { props, ...subject } = resourceOf(manifest, "urn");
    expect(subject).toEqual({
      urn: "urn",
      name: "api",
      type: "kubernetes:apps/v1:Deployment",
      protect: false,
    });
    expect(props.get("spec", "replicas").number).toBe(5);
    const { props: other, ...resource } = stackResourceOf(manifest, "urn");
    expect(resource).toEqual({ ...subject, dependencies: [], propertyDependencies: {} });
    expect(other.get("kind").string).toBe("Deployment");
  });

  it("is named with its namespace", () => {
    expect(fullName({ namespace: "shop", name: "api" })).toBe("shop/api");
    expect(fullName({ namespace: "", name: "api" })).toBe("api");
  });
});

describe("placeholders", () => {
  it("are unknown to policies, with nothing in them", () => {
    const object = { ...deploymentObject("api"), spec: { replicas: new Placeholder("${N}") } };
    const [manifest] = [manifestOf("a.yaml", object)].flatMap((one) => one ?? []);
    if (manifest === undefined) throw new Error("The fixture is no object.");
    const value = resourceOf(manifest, "urn").props.get("spec", "replicas");
    expect([value.state, value.show(), value.entries(), value.list()]).toEqual([
      "unknown",
      "unknown",
      [],
      [],
    ]);
  });
});
