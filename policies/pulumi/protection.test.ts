import { describe, expect, it } from "vitest";
import { messages, type Given, type Setting } from "../testing";

const database = (protect?: boolean): Given => ({
  type: "digitalocean:index/databaseCluster:DatabaseCluster",
  name: "orders-db",
  props: {},
  ...(protect === undefined ? {} : { protect }),
});
const said = (given: Given, setting?: Setting): Promise<readonly string[]> =>
  messages("stateful-protected", [given], setting);

describe("stateful-protected", () => {
  it("accepts a protected resource", async () => {
    expect(await said(database(true))).toEqual([]);
  });

  it.each([
    [false, "prod"],
    [undefined, "prod"],
    [false, "dr"],
  ] as const)("refuses protect %s in %s", async (protect, environment) => {
    expect(await said(database(protect), { surroundings: { environment } })).toEqual([
      'DatabaseCluster "orders-db": the option protect is false; production needs it to be true.',
    ]);
  });

  it("asks nothing in staging", async () => {
    const staging: Setting = { surroundings: { environment: "staging" } };
    expect(await said(database(false), staging)).toEqual([]);
  });

  it("asks nothing of what holds no data", async () => {
    expect(await said({ type: "digitalocean:index/vpc:Vpc", name: "v", props: {} })).toEqual([]);
  });
});
