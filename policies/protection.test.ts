import { describe, expect, it } from "vitest";
import { messages, type Given, type Setting } from "./testing";

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

  it.each([false, undefined])("refuses protect %s in production", async (protect) => {
    expect(await said(database(protect))).toEqual([
      'DatabaseCluster "orders-db": the option protect is false; production needs it to be true.',
    ]);
  });

  it.each(["staging", "dr"] as const)("asks nothing in %s", async (environment) => {
    expect(await said(database(false), { surroundings: { environment } })).toEqual([]);
  });

  it("asks nothing of what holds no data", async () => {
    expect(await said({ type: "digitalocean:index/vpc:Vpc", name: "v", props: {} })).toEqual([]);
  });
});
