/** Rules that are rows of a table: a property, and its one right value. */
import { mustBe, must, type Asked } from "./demands";
import type { Policy, Setting, Subject } from "./policy";
import { typeKey } from "./policy";
import type { Key, Value } from "./values";

export interface Row {
  readonly at: readonly Key[];
  readonly is: Setting;
  /** Whether nothing written is right too, because it stands for that value. @default false */
  readonly orMissing?: boolean;
  /** How the sentence ends; default: `it must be …`. */
  readonly wanted?: string;
  /** Resources that the row is not about. */
  readonly unless?: (props: Value) => boolean;
}

/** By type key (see `typeKey`). */
export type Rows = Readonly<Record<string, readonly Row[]>>;

/** A check of every row, and the remedy that writes what is wrong. */
export function rowsOf(table: Rows): Required<Pick<Policy, "check" | "remedy">> {
  const rowsFor = ({ type, props }: Subject): readonly Row[] =>
    (table[typeKey(type)] ?? []).filter(({ unless }) => unless?.(props) !== true);
  return {
    check: {
      kind: "resource",
      types: Object.keys(table),
      run: (resource, context) => {
        for (const row of rowsFor(resource)) ask({ resource, context }, row);
      },
    },
    remedy: (resource) =>
      rowsFor(resource)
        .filter((row) => isWrong(resource.props.get(...row.at), row))
        .map(({ at, is }) => ({ path: at, value: is })),
  };
}

function ask(asked: Asked, { at, is, orMissing = false, wanted }: Row): void {
  const value = asked.resource.props.get(...at);
  if (!orMissing) mustBe(asked, value, is, wanted);
  else {
    const ends = wanted ?? `it must be ${JSON.stringify(is)} or missing`;
    must(asked, value, (it) => it.isMissing || same(it, is), ends);
  }
}

const same = (value: Value, is: Setting): boolean =>
  (value.text ?? value.number ?? value.flag) === is;

function isWrong(value: Value, { is, orMissing = false }: Row): boolean {
  return value.isMissing ? !orMissing : value.isKnown && !same(value, is);
}
