import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { messages } from "../testing";
import type { Key } from "../values";
import { expect, it } from "vitest";

testPolicy("pod-controlled", { happy: deployment, broken: [], unknown: [] });

const OWNERS: readonly Key[] = ["metadata", "ownerReferences"];
const bare = 'ReplicaSet "shop/orders": nothing rolls out its changes; use a Deployment or a Job.';
testPolicy("pod-controlled", {
  happy: () =>
    broken({ ...deployment(), type: "kubernetes:apps/v1:ReplicaSet" }, OWNERS, [
      { apiVersion: "apps/v1", kind: "Deployment", name: "orders", uid: "7", controller: true },
    ]),
  broken: [
    { at: OWNERS, says: bare },
    { at: OWNERS, to: [], says: bare },
  ],
  unknown: [OWNERS],
});

it.each([
  ["core/v1:Pod", "nothing replaces it when its node is lost"],
  ["core/v1:ReplicationController", "nothing rolls out its changes"],
  ["apps/v1:ReplicaSet", "nothing rolls out its changes"],
  ["extensions/v1beta1:ReplicaSet", "nothing rolls out its changes"],
])("refuses a bare %s", async (type, why) => {
  const fixture = { ...deployment(), type: `kubernetes:${type}` };
  const kind = type.slice(type.indexOf(":") + 1);
  expect(await messages("pod-controlled", [fixture])).toEqual([
    `${kind} "shop/orders": ${why}; use a Deployment or a Job.`,
  ]);
});
