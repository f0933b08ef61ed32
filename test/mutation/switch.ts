/** What instrumented conditions ask: whether they are the one that is wrong now. */
export class MutationSwitch {
  /** The mutant that is switched on; none while the tests run as they are. */
  active: string | undefined;
  /** The mutants whose conditions were asked since this was emptied. */
  readonly asked = new Set<string>();

  readonly negated = (id: string, value: unknown): unknown => {
    this.asked.add(id);
    return this.active === id ? !value : value;
  };

  readonly moved = (id: string, operator: string, left: number, right: number): boolean => {
    this.asked.add(id);
    const isStrict = (operator.length === 1) !== (this.active === id);
    // What cannot be compared is not equal either.
    if (left <= right && left >= right) return !isStrict;
    return operator.startsWith("<") ? left < right : left > right;
  };
}
