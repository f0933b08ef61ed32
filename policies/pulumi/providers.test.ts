import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, urnOf, type Fixture } from "../testing";

const provider = (name: string, called: string): string =>
  `urn:pulumi:prod::runstack::pulumi:providers:${name}::${called}`;
const bucket = (name: string, of?: string): Fixture => ({
  type: "aws:s3/bucket:Bucket",
  name,
  props: {},
  ...(of === undefined ? {} : { provider: of }),
});

describe("pulumi-provider-explicit", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("pulumi-provider-explicit", fixture);
  const expected =
    "which acts on whatever the machine is signed in to: create a provider and pass it to them, or to the component around them.";

  it("accepts an explicit provider, and components without one", async () => {
    const own = provider("aws", "shop");
    const inner = own.replace("::pulumi:", "::shop:index:Network$pulumi:");
    expect(await reported(bucket("a", own), bucket("b", inner), bucket("c"))).toEqual([]);
    expect(await reported(bucket("a", provider("aws", "defaulted")))).toEqual([]);
  });

  it("counts resources with a default provider", async () => {
    const of = provider("aws", "default_7_48_0");
    expect(await reported(bucket("a", of), bucket("b", of), bucket("c", of))).toEqual([
      `Bucket "a" and 2 more use the default provider of aws, ${expected}`,
    ]);
    expect(await reported(bucket("a", provider("kubernetes", "default")))).toEqual([
      `Bucket "a" uses the default provider of kubernetes, ${expected}`,
    ]);
  });

  it("does not apply to packages without remote access", async () => {
    expect(await reported(bucket("a", provider("random", "default_4_21_2")))).toEqual([]);
  });
});

const providerOf = (name: string, props: Fixture["props"], called = "shop"): Fixture => ({
  type: `pulumi:providers:${name}`,
  name: called,
  props,
});

testPolicy("pulumi-provider-configured", {
  happy: () => [
    providerOf("aws", { region: "eu-west-3" }),
    providerOf("gcp", { project: "shop-17", region: "europe-west9" }),
    providerOf("kubernetes", { kubeconfig: "apiVersion: v1" }),
    providerOf("digitalocean", {}),
    providerOf("aws", {}, "default_7_48_0"),
    providerOf("kubernetes", { renderYamlToDirectory: "out" }, "rendered"),
    providerOf("kubernetes", { context: "depot-admin" }, "depot"),
  ],
  broken: [
    {
      at: ["region"],
      says: 'aws "shop": region is missing; set the region: without it the machine\'s profile decides.',
    },
    {
      at: ["project"],
      of: 1,
      says: 'gcp "shop": project is missing; set the project: without it the machine\'s login decides.',
    },
    {
      at: ["region"],
      of: 1,
      to: "",
      says: 'gcp "shop": region is ""; set the region: regional resources need one.',
    },
    {
      at: ["kubeconfig"],
      of: 2,
      says: "kubernetes \"shop\": kubeconfig is missing; set the cluster's kubeconfig, or its context: without either the machine's current context decides.",
    },
    {
      at: ["renderYamlToDirectory"],
      of: 5,
      says: "kubernetes \"rendered\": kubeconfig is missing; set the cluster's kubeconfig, or its context: without either the machine's current context decides.",
    },
    {
      at: ["context"],
      of: 6,
      to: "",
      says: "kubernetes \"depot\": kubeconfig is missing; set the cluster's kubeconfig, or its context: without either the machine's current context decides.",
    },
  ],
  unknown: [],
});

it("treats an unknown kubeconfig as set", async () => {
  const fixture = providerOf("kubernetes", { kubeconfig: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
  expect(await messages("pulumi-provider-configured", [fixture])).toEqual([]);
  expect(urnOf(fixture)).toContain("pulumi:providers:kubernetes");
});
