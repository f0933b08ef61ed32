import { describe, expect, it } from "vitest";
import { UsageError } from "./options";
import { chooseStacks } from "./stacks";

const PRESENT = ["aeneas-prod", "prod", "staging"];

describe("chooseStacks", () => {
  it("takes all stacks by default, otherwise the named ones in that order", () => {
    expect(chooseStacks([], PRESENT)).toEqual(PRESENT);
    expect(chooseStacks(["staging", "prod"], PRESENT)).toEqual(["staging", "prod"]);
  });

  it.each([
    [["prdo"], 'There is no stack "prdo". Did you mean prod?'],
    [["Pulumi.prod.yaml"], 'There is no stack "Pulumi.prod.yaml". Did you mean prod?'],
    [["elsewhere"], 'There is no stack "elsewhere". The stacks are: aeneas-prod, prod, staging.'],
  ])("refuses %j", (asked, message) => {
    expect(() => chooseStacks(asked, PRESENT)).toThrow(new UsageError(message));
  });

  it("says where to run if there are no stacks", () => {
    expect(() => chooseStacks([], [])).toThrow(
      new UsageError(
        "There are no stacks here: no Pulumi.STACK.yaml file. Run the command in the project's folder.",
      ),
    );
  });
});
