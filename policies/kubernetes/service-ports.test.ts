import { expect, it } from "vitest";
import { messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const PORTS: readonly Key[] = ["spec", "template", "spec", "containers", 0, "ports"];
const listing = (...ports: readonly object[]): Fixture => broken(deployment(), PORTS, ports);
const pod = (): Fixture =>
  listing({ name: "http", containerPort: 8110 }, { name: "metrics", containerPort: 9105 });
const service = (port: object, rest: object = {}): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "orders-service",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { selector: LABELS, ports: [port], ...rest },
  },
});
const AT: readonly Key[] = ["spec", "ports", 0];

const listed = (at: string, found: string): string =>
  `Service "shop/orders": spec.ports[0].${at} is ${found}; the containers that it selects list only 8110, 9105: use one of these ports, or list it there.`;
testPolicy("service-target-number", {
  happy: () => [service({ port: 81, targetPort: 8110 }), pod()],
  broken: [
    { at: [...AT, "targetPort"], to: 8111, says: listed("targetPort", "8111") },
    { at: [...AT, "targetPort"], to: "8111", says: listed("targetPort", '"8111"') },
    { at: [...AT, "targetPort"], to: "http", says: [] },
    { at: [...AT, "targetPort"], says: listed("port", "81") },
    { at: AT, to: { port: 9105 }, says: [] },
    { at: ["spec", "selector"], says: [] },
    { at: ["spec", "type"], to: "ExternalName", says: [] },
  ],
  unknown: [
    [...AT, "targetPort"],
    ["spec", "selector"],
    ["spec", "ports"],
  ],
});

it("leaves out pods that list no port, and counts those of a sidecar", async () => {
  const said = (target: Fixture, port = 8111): Promise<readonly string[]> =>
    messages("service-target-number", [service({ port: 81, targetPort: port }), target]);
  expect(await said(pod())).toHaveLength(1);
  expect(await said(deployment())).toEqual([]);
  const annotations = { "dapr.io/enabled": "true" };
  const dapr = broken(pod(), ["spec", "template", "metadata", "annotations"], annotations);
  expect(await said(dapr, 3500)).toEqual([]);
  expect(await said(dapr)).toHaveLength(1);
});

const headless = (found: string): string =>
  `Service "shop/orders": spec.ports[0].port is ${found}; the Service is headless, so that who uses its name reaches the pods' own port, which is 8110: use the same number.`;
testPolicy("service-headless-port", {
  happy: () => [service({ port: 8110, targetPort: "http" }, { clusterIP: "None" }), pod()],
  broken: [
    { at: [...AT, "port"], to: 81, says: headless("81") },
    { at: AT, to: { port: 81, targetPort: 8110 }, says: headless("81") },
    { at: AT, to: { port: 81 }, says: [] },
    { at: AT, to: { port: 81, targetPort: "other" }, says: [] },
    { at: ["spec", "clusterIP"], says: [] },
  ],
  unknown: [
    ["spec", "selector"],
    [...AT, "port"],
    [...AT, "targetPort"],
    ["spec", "ports"],
  ],
});

it("knows no pods of a headless Service without a selector", async () => {
  const wrong = service({ port: 81, targetPort: 8110 }, { clusterIP: "None" });
  const said = (one: Fixture): Promise<readonly string[]> =>
    messages("service-headless-port", [one]);
  expect(await said(wrong)).toEqual([headless("81")]);
  for (const selector of [undefined, {}])
    expect(await said(broken(wrong, ["spec", "selector"], selector))).toEqual([]);
});
