import type { Fixture } from "../testing";
import { testPolicy } from "../testing/cases";

const namespace = (name: string): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name,
  props: { metadata: { name } },
});
const within = (kind: string, place: string): Fixture => ({
  type: `kubernetes:core/v1:${kind}`,
  name: `${kind}-${place}`,
  props: { metadata: { name: "bounds", namespace: place } },
});
const bounds = (expected: string): string =>
  `Namespace "shop" has no resource limits; add ${expected} to it.`;
const either = bounds("a LimitRange or a ResourceQuota");
const needsQuota = { configuration: { "namespace-bounded": { quota: true } } };

for (const kind of ["LimitRange", "ResourceQuota"]) {
  testPolicy("namespace-bounded", {
    happy: () => [namespace("shop"), within(kind, "shop")],
    broken: [
      { of: 1, at: ["metadata", "namespace"], to: "stock", says: either },
      { of: 1, at: ["metadata", "namespace"], says: either },
      { at: ["metadata", "name"], says: [] },
      {
        at: ["metadata", "labels"],
        to: {},
        setting: needsQuota,
        says: kind === "ResourceQuota" ? [] : bounds("a ResourceQuota"),
      },
    ],
    unknown: [
      ["metadata", "name"],
      [1, "metadata", "namespace"],
    ],
  });
}

testPolicy("namespace-bounded", {
  happy: () => [
    namespace("shop"),
    within("LimitRange", "shop"),
    within("LimitRange", "default"),
    namespace("default"),
  ],
  broken: [
    {
      of: 3,
      at: ["metadata", "name"],
      to: "x",
      says: 'Namespace "x" has no resource limits; add a LimitRange or a ResourceQuota to it.',
    },
  ],
  unknown: [],
});
