import { describe, expect, it } from "vitest";
import type { PlanObject } from "../../offline/plan";
import { resource } from "../fixtures/plan";
import type { Difference } from "./difference";
import { unconfirmed } from "./incarnations";
import { compareResources } from "./resources";

const DATABASE = "aws:rds/instance:Instance";
const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";

function errors(type: string, from: PlanObject, to: PlanObject, [before, after] = [true, true]) {
  const of = (inputs: PlanObject, protect: boolean) =>
    resource({ type, name: "db", inputs, protect });
  const { changes } = compareResources([of(from, before)], [of(to, after)]);
  const changed = [{ stack: "prod", changes }] as unknown as Difference["changed"];
  return unconfirmed({ changed });
}

describe("another incarnation", () => {
  const refused = (type: string) => [
    {
      stack: "prod",
      errors: [
        `Another incarnation replaces ${type} db, which is protected. List what it belongs to in ` +
          "runstack:replace (cluster, nodes, postgres, redis, kafka), or keep the incarnation.",
      ],
    },
  ];

  it.each<[string, PlanObject, PlanObject]>([
    [DATABASE, { identifier: "shop-prod-db" }, { identifier: "shop-prod-db-2" }],
    [DATABASE, { identifier: "shop-prod-db-3" }, { identifier: "shop-prod-db-2" }],
    [
      CLUSTER,
      { metadata: { name: "db", labels: {} } },
      { metadata: { name: "db", labels: { incarnation: "2" } } },
    ],
  ])("of a protected %s needs a confirmation", (type, from, to) => {
    expect(errors(type, from, to)).toEqual(refused(type));
  });

  it("is confirmed by runstack:replace, which takes the protection away", () => {
    const [from, to] = [{ identifier: "db" }, { identifier: "db-2" }];
    expect(errors(DATABASE, from, to, [true, false])).toEqual([]);
    expect(errors(DATABASE, from, to, [false, false])).toEqual([]);
  });

  it("is not what another name, or another replacement, is", () => {
    expect(errors(DATABASE, { identifier: "shop" }, { identifier: "store" })).toEqual([]);
    expect(errors(DATABASE, { username: "a" }, { username: "b" })).toEqual([]);
    expect(errors(DATABASE, { instanceClass: "a-1" }, { instanceClass: "a-2" })).toEqual([]);
  });
});
