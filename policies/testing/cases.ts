/**
 * For tests: the cases of one policy, as data. `testPolicy` turns them into tests: the happy
 * fixture passes and leaves nothing unknown, each broken property gives exactly these messages, and
 * each property that the policy reads is counted as unknown if it is unknown.
 */
import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { unknownValues } from "../unknown-values";
import type { Key } from "../values";
import { broken } from "./fixtures";
import { UNKNOWN, evaluate, type Fixture, type Setting } from "./index";

export interface Broken {
  /** The path of the replaced value, in resource number `of`. */
  readonly at: readonly Key[];
  /** @default 0, the first resource */
  readonly of?: number;
  /** The new value; if left out, the property is removed. */
  readonly to?: unknown;
  /** Every message, in full. An empty list means that it is accepted. */
  readonly says: string | readonly string[];
  readonly setting?: Setting;
}

export interface Cases {
  /** Passes, and leaves nothing unknown. */
  readonly happy: () => Fixture | readonly Fixture[];
  readonly broken: readonly Broken[];
  /**
   * Paths (in the first resource, or in the resource of a leading number) that the policy must
   * count as unknown, with no violation, when they are unknown.
   */
  readonly unknown: readonly (readonly Key[])[];
  readonly setting?: Setting;
}

export function testPolicy(name: string, cases: Cases): void {
  const policies = [policyNamed(name), unknownValues];
  const happy = (): readonly Fixture[] => [cases.happy()].flat();
  const change = ({ at, of = 0, to }: Pick<Broken, "at" | "of" | "to">): readonly Fixture[] =>
    happy().map((fixture, index) => (index === of ? broken(fixture, at, to) : fixture));
  const reported = async (
    fixture: readonly Fixture[],
    setting: Setting = {},
  ): Promise<{ readonly messages: readonly string[]; readonly isOpen: boolean }> => {
    const found = await evaluate(policies, fixture, { ...cases.setting, ...setting });
    const own = found.filter(({ policy }) => policy === name);
    return { messages: own.map(({ message }) => message), isOpen: own.length < found.length };
  };

  describe(name, () => {
    it("accepts the happy fixture and counts no unknowns", async () => {
      expect(await reported(happy())).toEqual({ messages: [], isOpen: false });
    });

    it.each(cases.broken.map((row) => [title(row), row] as const))("%s", async (_, row) => {
      const { messages } = await reported(change(row), row.setting);
      expect(messages).toEqual([row.says].flat());
    });

    it.each(cases.unknown.map((at) => [at.join("."), at] as const))(
      "counts an unknown %s",
      async (_, [first, ...rest]) => {
        const isIndexed = typeof first === "number";
        const at = isIndexed || first === undefined ? rest : [first, ...rest];
        const of = isIndexed ? first : 0;
        expect(await reported(change({ at, of, to: UNKNOWN }))).toEqual({
          messages: [],
          isOpen: true,
        });
      },
    );
  });
}

function title({ at, of, to, says }: Broken): string {
  const where = `${of === undefined ? "" : `${String(of)}: `}${at.join(".")}`;
  const what = to === undefined ? "missing" : JSON.stringify(to);
  return `${says.length === 0 ? "accepts" : "refuses"} ${where} ${what}`;
}
