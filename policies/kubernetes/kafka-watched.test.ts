import { expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { broken, deployment } from "../testing/fixtures";
import { scaler } from "../testing/messaging";

const AT =
  'ScaledObject "shop/orders-lag": spec.triggers[0].metadata.consumerGroup is "orders-app"; the exporters of lag export only the groups of Deployment "shop/orders"';
const exporter = (...args: readonly string[]): Fixture => ({
  ...broken(deployment(), ["spec", "template", "spec", "containers", 0, "args"], args),
  name: "exporter",
});
const said = (...args: readonly string[]): Promise<readonly string[]> =>
  messages(["kafka-scaler-watched", "undecided"], [scaler(), exporter(...args)]);

it("wants the group among those that an exporter exports", async () => {
  expect(await said("--group.filter=^(orders-app|cart)$")).toEqual([]);
  expect(await said("--group.filter=.*")).toEqual([]);
  expect(await said("--topic.filter=x")).toEqual([]);
  expect(await said("--group.filter=^(order-app)$")).toEqual([
    `${AT} ^(order-app)$: correct the group, or add it to the exporter's filter.`,
  ]);
  expect(await said("--group.filter=^cart$", "--group.filter=^orders")).toEqual([]);
});

it("leaves a pattern undecided that is not evaluated", async () => {
  for (const pattern of ["^(order.*)+$", "("])
    expect(await said(`--group.filter=${pattern}`)).toEqual([
      expect.stringContaining(
        `${pattern}; not judged, because such a pattern is not evaluated here`,
      ),
    ]);
});

it("leaves an unknown group open", async () => {
  const open = [scaler({ consumerGroup: UNKNOWN }), exporter("--group.filter=^x$")];
  expect(await messages("kafka-scaler-watched", open)).toEqual([]);
});
