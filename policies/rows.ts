/** Rules that are rows of a table: a property, and its one right value. */
import { expectEqual, expectThat, type Check } from "./expect";
import type { Policy, Setting, Resource } from "./policy";
import { typeKey } from "./policy";
import type { Key, Value } from "./values";

export interface Row {
  readonly at: readonly Key[];
  readonly is: Setting;
  /** Whether nothing written is right too, because it stands for that value. @default false */
  readonly orMissing?: boolean;
  /** How the sentence ends; default: `it must be …`. */
  readonly message?: string;
  /** Resources that the row is not about. */
  readonly unless?: (props: Value) => boolean;
}

/** By type key (see `typeKey`). */
export type Rows = Readonly<Record<string, readonly Row[]>>;

/** A check of every row, and the remedy that writes what is wrong. */
export function rowsOf(table: Rows): Required<Pick<Policy, "check" | "remediate">> {
  const rowsFor = ({ type, props }: Resource): readonly Row[] =>
    (table[typeKey(type)] ?? []).filter(({ unless }) => unless?.(props) !== true);
  return {
    check: {
      kind: "resource",
      types: Object.keys(table),
      run: (resource, context) => {
        for (const row of rowsFor(resource)) run({ resource, context }, row);
      },
    },
    remediate: (resource) =>
      rowsFor(resource)
        .filter((row) => isWrong(resource.props.get(...row.at), row))
        .map(({ at, is }) => ({ path: at, value: is })),
  };
}

function run(check: Check, { at, is, orMissing = false, message }: Row): void {
  const value = check.resource.props.get(...at);
  if (!orMissing) expectEqual(check, value, is, message);
  else {
    const ends = message ?? `it must be ${JSON.stringify(is)} or missing`;
    expectThat(check, value, (it) => it.isMissing || same(it, is), ends);
  }
}

const same = (value: Value, is: Setting): boolean =>
  (value.string ?? value.number ?? value.boolean) === is;

function isWrong(value: Value, { is, orMissing = false }: Row): boolean {
  return value.isMissing ? !orMissing : value.isKnown && !same(value, is);
}
