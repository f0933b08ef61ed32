/** The types of an expression, which the grammar does not know: what Prometheus refuses after it has parsed. */
import { many } from "../words";
import { constantOf } from "./constants";
import { PARAMETERS, SIGNATURES, type ValueType } from "./functions";
import { stringFault } from "./quotes";
import { readSelector } from "./selectors";
import type { Fault, Node } from "./syntax";

const COMPARISON = /^([<>]=?|[=!]=)$/;
const SET = /^(and|or|unless)$/;

/** What the types of one expression are looked up with, and where faults go. */
export class Types {
  readonly faults: Fault[] = [];

  constructor(private readonly text: string) {}

  /** Undefined where a fault inside of it is told already. */
  of(node: Node): ValueType | undefined {
    switch (node.name) {
      case "NumberDurationLiteral":
        return "scalar";
      case "StringLiteral":
        return this.string(node);
      case "VectorSelector":
        for (const fault of readSelector(node, this.text).faults) this.faults.push(fault);
        return "instant vector";
      case "MatrixSelector":
        return this.range(node);
      case "SubqueryExpr":
        return this.subquery(node);
      case "OffsetExpr":
      case "StepInvariantExpr":
        return this.shifted(node);
      case "UnaryExpr":
        return this.operand(node.children[1]);
      case "AggregateExpr":
        return this.aggregation(node);
      case "FunctionCall":
        return this.call(node);
      case "BinaryExpr":
        return this.binary(node);
      // ParenExpr, AnchoredExpr, SmoothedExpr: that of what is inside.
      default:
        return this.maybe(node.children[0]);
    }
  }

  private maybe(node: Node | undefined): ValueType | undefined {
    return node === undefined ? undefined : this.of(node);
  }

  private fault(node: Node, message: string): void {
    this.faults.push({ offset: node.from, message });
  }

  /** In place of a type. */
  private refuse(node: Node, message: string): ValueType | undefined {
    this.fault(node, message);
    return undefined;
  }

  private show(node: Node): string {
    const text = this.text.slice(node.from, node.to).replace(/\s+/g, " ");
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
  }

  private string(node: Node): ValueType {
    const fault = stringFault(this.text.slice(node.from, node.to));
    if (fault !== undefined) this.fault(node, fault);
    return "string";
  }

  private range(node: Node): ValueType | undefined {
    const [of, duration] = node.children;
    const type = this.maybe(of);
    if (of?.name !== "VectorSelector") {
      const why = "a range follows a selector only; write [RANGE:STEP] for a subquery";
      return type === undefined ? undefined : this.refuse(node, `${this.show(node)}: ${why}`);
    }
    return this.hasLength(duration, "range") ? "range vector" : undefined;
  }

  private hasLength(duration: Node | undefined, what: string): boolean {
    const seconds = duration === undefined ? undefined : constantOf(duration, this.text);
    if (duration === undefined || seconds === undefined || seconds > 0) return true;
    this.fault(duration, `the ${what} ${this.show(duration)} is not longer than 0`);
    return false;
  }

  private subquery(node: Node): ValueType | undefined {
    const [of, range, step] = node.children;
    if (of === undefined) return undefined;
    const type = this.expected(of, ["instant vector"], "a subquery");
    const isLong = [this.hasLength(range, "range"), this.hasLength(step, "step")];
    return type === undefined || isLong.includes(false) ? undefined : "range vector";
  }

  /** `offset` and `@` follow what is looked up, and each stands once. */
  private shifted(node: Node): ValueType | undefined {
    let of = node.children[0];
    const modifiers = [node.name];
    while (of?.name === "OffsetExpr" || of?.name === "StepInvariantExpr") {
      modifiers.push(of.name);
      of = of.children[0];
    }
    if (of === undefined) return undefined;
    const type = this.of(of);
    const word = node.name === "OffsetExpr" ? "offset" : "@";
    if (!/^(VectorSelector|MatrixSelector|SubqueryExpr)$/.test(of.name)) {
      const why = `"${word}" follows a selector or a subquery`;
      return type === undefined ? undefined : this.refuse(of, `${why}, not ${this.show(of)}`);
    }
    if (new Set(modifiers).size < modifiers.length) {
      return this.refuse(node, `"${word}" is written twice`);
    }
    return type;
  }

  /** Says what stands in the wrong place; undefined then, and where something inside is wrong. */
  private expected(node: Node, types: readonly ValueType[], where: string): ValueType | undefined {
    const type = this.of(node);
    if (type === undefined || types.includes(type)) return type;
    const hint =
      type === "instant vector" && types[0] === "range vector"
        ? `; write a range after it, such as ${this.show(node)}[5m]`
        : "";
    const found = `${this.show(node)} is ${articled(type)}`;
    return this.refuse(node, `${where} needs ${types.map(articled).join(" or ")}; ${found}${hint}`);
  }

  private operand(node: Node | undefined): ValueType | undefined {
    return node === undefined
      ? undefined
      : this.expected(node, ["scalar", "instant vector"], "an operator");
  }

  private aggregation(node: Node): ValueType {
    const [operator, ...rest] = node.children;
    const name = operator === undefined ? "" : this.show(operator).toLowerCase();
    const body = rest.find((child) => child.name === "FunctionCallBody");
    const given = body === undefined ? [] : body.children;
    const parameter = PARAMETERS[name];
    const takes: readonly ValueType[] =
      parameter === undefined ? ["instant vector"] : [parameter, "instant vector"];
    if (given.length !== takes.length) {
      const wanted = many(takes.length, "argument");
      this.fault(node, `"${name}" takes ${wanted} (${takes.join(", ")}), not ${given.length}`);
    } else this.arguments(name, given, takes);
    return "instant vector";
  }

  private arguments(name: string, given: readonly Node[], takes: readonly ValueType[]): void {
    given.forEach((one, index) => {
      const type = takes[index] ?? takes.at(-1);
      if (type === undefined) this.of(one);
      else this.expected(one, [type], `"${name}"`);
    });
  }

  private call(node: Node): ValueType | undefined {
    const [identifier, body] = node.children;
    const name = identifier === undefined ? "" : this.show(identifier);
    const given = body === undefined ? [] : body.children;
    const signature = SIGNATURES.get(name);
    // The grammar is newer than the table: its arguments are looked at all the same.
    if (signature === undefined) {
      for (const one of given) this.of(one);
      return undefined;
    }
    const { takes, optional, repeats, returns } = signature;
    const [least, most] = [takes.length - optional, takes.length + repeats];
    if (given.length < least || given.length > most) {
      const only = most === least ? "" : given.length < least ? "at least " : "at most ";
      const wanted = many(given.length < least ? least : most, "argument");
      const kinds = takes.length === 0 ? "" : ` (${takes.join(", ")})`;
      this.fault(node, `"${name}" takes ${only}${wanted}${kinds}, not ${given.length}`);
    } else this.arguments(name, given, takes);
    return returns;
  }

  private binary(node: Node): ValueType | undefined {
    const all = node.children;
    const [left, operator] = all;
    const right = all.at(-1);
    if (left === undefined || operator === undefined || right === undefined) return undefined;
    const types = [this.operand(left), this.operand(right)];
    if (types.includes(undefined)) return undefined;
    const sign = this.show(operator).toLowerCase();
    const ofScalars = types.every((type) => type === "scalar");
    const isBool = all.some(({ name }) => name === "BoolModifier");
    if (isBool && !COMPARISON.test(sign)) {
      this.fault(operator, `"bool" follows a comparison only, not "${sign}"`);
    } else if (ofScalars && COMPARISON.test(sign) && !isBool) {
      this.fault(operator, `two scalars are compared with "${sign} bool"`);
    }
    if (types.includes("scalar") && SET.test(sign)) {
      this.fault(operator, `"${sign}" combines two instant vectors; one side is a scalar`);
    }
    const matching = all.find(({ name }) => name === "MatchingModifierClause");
    if (matching !== undefined) this.matching(matching, sign, types.includes("scalar"));
    return ofScalars ? "scalar" : "instant vector";
  }

  private matching(node: Node, sign: string, hasScalar: boolean): void {
    const parts = node.children;
    const labels = (child: Node | undefined): readonly string[] =>
      child?.name === "GroupingLabels" ? child.children.map((label) => this.show(label)) : [];
    const own = labels(parts[1]);
    const word = parts[0] === undefined ? "" : this.show(parts[0]).toLowerCase();
    if (hasScalar && own.length > 0) {
      this.fault(node, `"${word}" matches the labels of two instant vectors; one side is a scalar`);
    }
    const group = parts[2];
    if (group === undefined) return;
    const grouping = this.show(group);
    if (SET.test(sign)) this.fault(group, `"${sign}" takes no "${grouping}"`);
    const twice = labels(parts[3]).find((label) => own.includes(label));
    if (word === "on" && twice !== undefined) {
      this.fault(group, `the label "${twice}" stands in both "on" and "${grouping}"`);
    }
  }
}

const articled = (type: ValueType): string => `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
