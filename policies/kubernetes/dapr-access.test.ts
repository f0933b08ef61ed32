import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { forManifests } from "../in-manifests";
import { UNKNOWN, messages } from "../testing";
import { testPolicy } from "../testing/cases";
import { app, namespace, object } from "../testing/messaging";
import type { Key } from "../values";

const CALLER: readonly Key[] = ["spec", "accessControl", "policies", 0];
const configuration = (appId: unknown = "orders-app") =>
  object("dapr.io/v1alpha1:Configuration", "cart-dapr", {
    spec: {
      accessControl: {
        defaultAction: "deny",
        policies: [{ appId, namespace: "shop", trustDomain: "public", defaultAction: "allow" }],
      },
    },
  });
const nobody = (found: string): string =>
  `Configuration "shop/cart-dapr": spec.accessControl.policies[0].appId is "${found}"; no pod of namespace "shop" has that dapr.io/app-id: use an existing one, or remove it.`;

testPolicy("dapr-access-caller", {
  happy: () => [configuration(), app(), namespace()],
  broken: [
    { at: [...CALLER, "appId"], to: "order-app", says: nobody("order-app") },
    { at: [...CALLER, "appId"], says: [] },
    { at: [...CALLER, "namespace"], to: "stock", says: [] },
    { at: [...CALLER, "namespace"], says: [] },
    { at: ["spec", "accessControl"], says: [] },
    { of: 1, at: ["metadata", "namespace"], to: "stock", says: nobody("orders-app") },
    { of: 2, at: ["metadata", "name"], to: "stock", says: [] },
  ],
  unknown: [
    [...CALLER, "appId"],
    [...CALLER, "namespace"],
    ["spec", "accessControl", "policies"],
    ["spec"],
  ],
});

it("leaves a caller open that a chart may run, or whose ID is unknown", async () => {
  const chart = { type: "kubernetes:helm.sh/v3:Release", name: "r", props: { namespace: "shop" } };
  const missing = configuration("x");
  const said = (...more: Parameters<typeof messages>[1]): Promise<readonly string[]> =>
    messages("dapr-access-caller", [missing, namespace(), ...more]);
  expect(await said(app())).toEqual([nobody("x")]);
  expect(await said(app(), chart)).toEqual([]);
  expect(await said(app(UNKNOWN))).toEqual([]);
});

it("only advises where a service's own manifests allow a caller of another repository", async () => {
  const own = [configuration("gateway"), app(), namespace()];
  expect(await messages("dapr-access-caller", own)).toEqual([nobody("gateway")]);
  const { enforcement } = forManifests(policyNamed("dapr-access-caller"));
  expect(enforcement.production).toBe("advisory");
});
