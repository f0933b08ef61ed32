import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { Component, type ComponentOptions } from "./component";
import { named, refusal, register } from "./testing";
import { Transform } from "./transform";

class Box extends Component {
  constructor(name: string, options: ComponentOptions, inner?: string) {
    super("test:Box", name, {}, options);
    new random.RandomPassword(this.child("lock"), { length: 9, special: false }, this.options());
    if (inner !== undefined) new Box(this.child(inner), { parent: this });
    this.publish();
  }
}

const create = (options: pulumi.ComponentResourceOptions, ...transform: readonly Transform[]) =>
  new Box("outer", { ...options, transform }, "inner");

const length = (to: number, only?: string) =>
  Transform.of(random.RandomPassword, ({ args }) => ({ args: { ...args, length: to } }), only);

describe("a transform", () => {
  it("changes one argument of every resource of its class, nested components included", async () => {
    const { resources } = await register((options) => create(options, length(12)));
    expect(resources.map(({ name, inputs }) => [name, inputs])).toEqual([
      ["outer-inner-lock", { length: 12, special: false }],
      ["outer-lock", { length: 12, special: false }],
    ]);
  });

  it("changes only one resource, by its name", async () => {
    const { resources } = await register((options) => create(options, length(12, "outer-lock")));
    expect(resources.map(({ inputs }) => inputs["length"])).toEqual([9, 12]);
  });

  it("changes options, and leaves the arguments as they were", async () => {
    const protect = Transform.of(random.RandomPassword, ({ options }) => ({
      options: { ...options, protect: true },
    }));
    const { resources } = await register((options) => create(options, protect));
    const lock = named(resources, "outer-lock");
    expect([lock.options.protect, lock.inputs["length"]]).toEqual([true, 9]);
  });

  it("is applied after the previous one", async () => {
    const { resources } = await register((options) => create(options, length(12), length(20)));
    expect(named(resources, "outer-lock").inputs["length"]).toBe(20);
  });

  it.each([
    ["of another class", Transform.of(random.RandomPet, () => ({})), "RandomPet"],
    ["of a name that is not there", length(12, "outer-look"), "RandomPassword outer-look"],
  ])("%s is refused: it would silently change nothing", async (_, transform, about) => {
    const { result } = await register((options) => refusal(() => create(options, transform)));
    expect(result).toBe(
      `outer: transform of ${about} is applied to no resource, but must be for a class and a name ` +
        "that this component creates. Look for the resource in the plan of the stack.",
    );
  });
});
