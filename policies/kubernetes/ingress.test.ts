import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { covers } from "./ingress";
import { UNKNOWN_OBJECT, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";

const ingress = (): Fixture => ({
  type: "kubernetes:networking.k8s.io/v1:Ingress",
  name: "edge",
  props: {
    metadata: { name: "edge", namespace: "shop", annotations: {} },
    spec: {
      tls: [
        { hosts: ["shop.example.com"], secretName: "shop-tls" },
        { hosts: ["*.api.example.com"], secretName: "api-tls" },
      ],
      rules: [{ host: "shop.example.com" }, { host: "v2.api.example.com" }],
    } satisfies k8s.types.input.networking.v1.IngressSpec,
  },
});
const AT = 'Ingress "shop/edge": ';
const uncovered = (index: number, host: string): string =>
  `${AT}spec.rules[${String(index)}].host is "${host}"; no entry of spec.tls lists it: add it to the hosts of one.`;
const none = (found: string): string =>
  `${AT}spec.tls is ${found}; list the hosts and the Secret with their certificate.`;

testPolicy("ingress-tls", {
  happy: ingress,
  broken: [
    { at: ["spec", "tls"], says: none("missing") },
    { at: ["spec", "tls"], to: [], says: none("[]") },
    {
      at: ["spec", "tls", 0, "hosts", 0],
      to: "x.example.com",
      says: uncovered(0, "shop.example.com"),
    },
    {
      at: ["spec", "rules", 1, "host"],
      to: "v2.example.com",
      says: uncovered(1, "v2.example.com"),
    },
    { at: ["spec", "rules", 1, "host"], says: [] },
    { at: ["spec", "tls", 0, "hosts"], to: [], says: [] },
    { at: ["spec", "tls", 0, "hosts"], says: [] },
  ],
  unknown: [
    ["metadata", "annotations"],
    ["spec"],
    ["spec", "tls"],
    ["spec", "rules"],
    ["spec", "tls", 0, "hosts"],
    ["spec", "tls", 1, "hosts", 0],
    ["spec", "rules", 1, "host"],
  ],
});

describe("cloud certificates", () => {
  it.each([
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
  ])("%s replaces spec.tls", async (key) => {
    const fixture = broken(
      broken(ingress(), ["spec", "tls"]),
      ["metadata", "annotations", key],
      "c",
    );
    expect(await messages("ingress-tls", [fixture])).toEqual([]);
  });
});

describe("covers", () => {
  it.each([
    ["a.example.com", "a.example.com", true],
    ["a.example.com", "b.example.com", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "a.b.example.com", false],
    ["*.example.com", "example.com", false],
    ["x.example.com", "a.example.com", false],
    [".example.com", "a.example.com", false],
  ])("%s covers %s: %s", (name, host, expected) => {
    expect(covers(name, host)).toBe(expected);
  });
});

const SNIPPET = "nginx.ingress.kubernetes.io/server-snippet";
testPolicy("ingress-no-snippets", {
  happy: ingress,
  broken: [
    {
      at: ["metadata", "annotations", SNIPPET],
      to: "return 200;",
      says: `${AT}metadata.annotations["${SNIPPET}"] is "return 200;"; remove it: a snippet can read every Secret that the controller can.`,
    },
    {
      at: ["metadata", "annotations", "nginx.ingress.kubernetes.io/rewrite-target"],
      to: "/",
      says: [],
    },
    { at: ["metadata", "annotations", "example.com/server-snippet"], to: "/", says: [] },
    { at: ["metadata", "annotations"], says: [] },
  ],
  unknown: [
    ["metadata", "annotations"],
    ["metadata", "annotations", SNIPPET],
  ],
});

testPolicy("ingress-no-snippets", {
  happy: ingress,
  broken: ["nginx.org/location-snippets", "nginx.com/server-snippets"].map((key) => ({
    at: ["metadata", "annotations", key],
    to: "return 200;",
    says: `${AT}metadata.annotations["${key}"] is "return 200;"; remove it: a snippet can read every Secret that the controller can.`,
  })),
  unknown: [],
});

const ALLOWS = ["data", "allow-snippet-annotations"];
testPolicy("ingress-no-snippets", {
  happy: () => ({
    type: "kubernetes:core/v1:ConfigMap",
    name: "controller",
    props: {
      metadata: { name: "controller", namespace: "edge" },
      data: { "allow-snippet-annotations": "false" },
    },
  }),
  broken: [
    {
      at: ALLOWS,
      to: "true",
      says: 'ConfigMap "edge/controller": data.allow-snippet-annotations is "true"; remove it: an annotation could then read every Secret.',
    },
    { at: ALLOWS, says: [] },
    { at: ["data"], says: [] },
  ],
  unknown: [["data"], ALLOWS],
});

const anyName = (found: string): string =>
  `${AT}spec.rules[0].host is ${found}; it answers for every hostname: set the host.`;
testPolicy("ingress-host", {
  happy: ingress,
  broken: [
    { at: ["spec", "rules", 0, "host"], says: anyName("missing") },
    { at: ["spec", "rules", 0, "host"], to: "", says: anyName('""') },
    { at: ["spec", "rules", 0, "host"], to: "*", says: anyName('"*"') },
    { at: ["spec", "rules", 0, "host"], to: "*.example.com", says: [] },
  ],
  unknown: [
    ["spec", "rules"],
    ["spec", "rules", 0, "host"],
  ],
});

describe("the old API group", () => {
  it("is evaluated the same way", async () => {
    const fixture = {
      ...broken(ingress(), ["spec", "tls"]),
      type: "kubernetes:extensions/v1beta1:Ingress",
    };
    expect(await messages("ingress-tls", [fixture])).toEqual([none("missing")]);
    expect(await messages("ingress-tls", [broken(fixture, ["metadata"], UNKNOWN_OBJECT)])).toEqual(
      [],
    );
  });
});
