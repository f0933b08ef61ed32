import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stagesFor } from "./stages";

const SHAPE = { nodes: 1, zones: [], objects: [] };
const names = (shape: Parameters<typeof stagesFor>[0]) =>
  stagesFor(shape).map(({ metadata }) => metadata.name);

describe("stagesFor", () => {
  it("has one stage of a name, each with a comment that names what it imitates", () => {
    const all = [...names(SHAPE), ...names({ ...SHAPE, balancers: "hostname" })];
    const folder = join(__dirname, "stages");
    const documents = readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), "utf8").split(/^---$/mu),
    );
    expect(new Set(all).size).toBe(documents.length);
    const unexplained = documents.filter((text) => !/^\s*# .*(`|[Tt]he same)/u.test(text));
    expect(unexplained).toEqual([]);
  });

  it("takes a sixtieth of the time, or what the shape says", () => {
    const delay = (pace?: number) =>
      stagesFor({ ...SHAPE, ...(pace === undefined ? {} : { pace }) }).find(
        ({ metadata }) => metadata.name === "kafka-ready",
      )?.spec.delay;
    expect([delay(), delay(0.5), delay(0)]).toEqual([
      { durationMilliseconds: 4000 },
      { durationMilliseconds: 120_000 },
      { durationMilliseconds: 0 },
    ]);
  });

  it("gives balancers an address, or a name, and never both", () => {
    const balancers = (shape: Parameters<typeof stagesFor>[0]) =>
      names(shape).filter((name) => name.startsWith("service-balancer"));
    expect(balancers(SHAPE)).toEqual(["service-balancer-address", "service-balancer-delete"]);
    expect(balancers({ ...SHAPE, balancers: "hostname" })).toEqual([
      "service-balancer-hostname",
      "service-balancer-delete",
    ]);
  });
});
