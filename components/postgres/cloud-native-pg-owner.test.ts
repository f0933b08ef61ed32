import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Part } from "../kit/child-factory";
import { inputsOf, isSecret, register, valueOf } from "../kit/testing";
import { ownerPassword } from "./cloud-native-pg-owner";

const part = (options: pulumi.CustomResourceOptions): Part => ({
  child: (suffix) => `db-${suffix}`,
  options: (more = {}) => ({ ...options, ...more }),
});

describe("the owner's password", () => {
  it("is generated, changes with its rotation, and is secret", async () => {
    const { resources, result } = await register((options) =>
      ownerPassword(part(options), { rotation: "may" }),
    );
    expect(inputsOf(resources, "db-password")).toEqual({
      length: 48,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { rotation: "may" },
    });
    expect([await valueOf(result), await isSecret(result)]).toEqual(["generated-password", true]);
  });

  it("is the primary's in a recovery region, and also secret", async () => {
    const { resources, result } = await register((options) =>
      ownerPassword(part(options), { password: "the-primary's" }),
    );
    expect(resources).toEqual([]);
    expect([await valueOf(result), await isSecret(result)]).toEqual(["the-primary's", true]);
  });
});
