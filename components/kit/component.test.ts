import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { Component, ComponentError } from "./component";
import { named, refusal, register } from "./testing";

class Box extends Component {
  constructor(name: string, options: pulumi.ComponentResourceOptions, inner?: string) {
    super("test:Box", name, { size: 3 }, options);
    this.put("lock");
    if (inner !== undefined) new Box(this.child(inner), { parent: this });
    this.publish();
  }

  put(suffix: string, more: pulumi.CustomResourceOptions = {}): random.RandomPassword {
    return new random.RandomPassword(this.child(suffix), { length: 9 }, this.options(more));
  }
}

describe("a component", () => {
  it("names its children after itself and is their parent", async () => {
    const { resources } = await register((options) => new Box("outer", options, "inner"));
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["outer-inner-lock", "outer-inner"],
      ["outer-lock", "outer"],
    ]);
  });

  it("passes its dependencies on to its children, and to their children, once", async () => {
    const { resources } = await register((options) => {
      const first = new Box("first", options).put("key");
      return new Box("outer", { ...options, dependsOn: [first, first] }, "inner");
    });
    expect(named(resources, "outer-lock").dependsOn).toEqual(["first-key"]);
    expect(named(resources, "outer-inner-lock").dependsOn).toEqual(["first-key"]);
  });

  it("adds a child's own dependencies", async () => {
    const { resources } = await register((options) => {
      const first = new Box("first", options).put("key");
      const outer = new Box("outer", { ...options, dependsOn: first });
      return outer.put("late", { dependsOn: [outer.put("early")], protect: true });
    });
    const late = named(resources, "outer-late");
    expect(late.dependsOn).toEqual(["first-key", "outer-early"]);
    expect(late.options.protect).toBe(true);
  });

  it("refuses unknown dependencies, which it could not pass on", async () => {
    const { result } = await register((options) =>
      refusal(
        () => new Box("outer", { ...options, dependsOn: [pulumi.output(new Box("a", options))] }),
      ),
    );
    expect(result).toBe(
      "outer: dependsOn is an output, but must be a list of resources. Pass the resources themselves.",
    );
  });
});

describe("an error of a component", () => {
  it("names component, key, value, what is allowed and the next step", () => {
    const error = new ComponentError("Box b", "size", "3", "at most 2", "Take another.");
    expect(error.message).toBe("Box b: size is 3, but must be at most 2. Take another.");
    expect(pulumi.RunError.isInstance(error)).toBe(true);
  });
});
