import type { Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import type { Key } from "../values";

const externalSecret = (): Fixture => ({
  type: "kubernetes:external-secrets.io/v1:ExternalSecret",
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: {
      refreshInterval: "1h0m0s",
      refreshPolicy: "Periodic",
      secretStoreRef: { kind: "SecretStore", name: "cloud" },
    },
  },
});
const store = (): Fixture => ({
  type: "kubernetes:external-secrets.io/v1:SecretStore",
  name: "cloud",
  props: { metadata: { name: "cloud", namespace: "shop" } },
});
const AT = 'ExternalSecret "shop/orders": spec.';
const INTERVAL: readonly Key[] = ["spec", "refreshInterval"];
const POLICY: readonly Key[] = ["spec", "refreshPolicy"];
const REF: readonly Key[] = ["spec", "secretStoreRef"];

const slow = (found: string, hours = 24): string =>
  `${AT}refreshInterval is ${found}; it must be a duration of ${String(hours)}h or less, and not 0.`;
const two = { configuration: { "external-secret-refreshed": { longestHours: 2 } } };
const half = { configuration: { "external-secret-refreshed": { longestHours: 0.5 } } };
testPolicy("external-secret-refreshed", {
  happy: externalSecret,
  broken: [
    { at: INTERVAL, to: "24h", says: [] },
    { at: INTERVAL, to: "24h1s", says: slow('"24h1s"') },
    { at: INTERVAL, to: "2h", says: [], setting: two },
    { at: INTERVAL, to: "3h", says: slow('"3h"', 2), setting: two },
    { at: INTERVAL, says: [] },
    {
      at: INTERVAL,
      says: slow("missing", 0.5),
      setting: half,
    },
    { at: INTERVAL, to: "0", says: slow('"0"') },
    { at: INTERVAL, to: "0s", says: slow('"0s"') },
    { at: INTERVAL, to: "hourly", says: slow('"hourly"') },
    {
      at: INTERVAL,
      to: 60,
      says: slow("60"),
    },
    {
      at: POLICY,
      to: "CreatedOnce",
      says: `${AT}refreshPolicy is "CreatedOnce"; a rotated secret would not be picked up: it must be "Periodic".`,
    },
    { at: POLICY, says: [] },
  ],
  unknown: [INTERVAL, POLICY],
});

const none = (found: string): string =>
  `${AT}secretStoreRef.name is ${found}; the namespace "shop" has no such SecretStore: use the name of an existing one, or create it.`;
testPolicy("external-secret-store", {
  happy: () => [externalSecret(), store()],
  broken: [
    { at: [...REF, "name"], to: "other", says: none('"other"') },
    { at: REF, to: { name: "other" }, says: none('"other"') },
    { at: REF, to: { name: "other", kind: "ClusterSecretStore" }, says: [] },
    { at: REF, says: [] },
    { of: 1, at: ["metadata", "namespace"], to: "stock", says: none('"cloud"') },
  ],
  unknown: [
    ["metadata", "namespace"],
    [...REF, "name"],
    [...REF, "kind"],
    [1, "metadata", "name"],
    [1, "metadata", "namespace"],
  ],
});
