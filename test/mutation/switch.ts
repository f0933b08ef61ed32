/** Called by instrumented conditions: whether they are the active mutant. */
export class MutationSwitch {
  /** The active mutant; none while the tests run unchanged. */
  active: string | undefined;
  /** The mutants whose conditions were reached since this was cleared. */
  readonly asked = new Set<string>();

  readonly negated = (id: string, value: unknown): unknown => {
    this.asked.add(id);
    return this.active === id ? !value : value;
  };

  readonly moved = (id: string, operator: string, left: number, right: number): boolean => {
    this.asked.add(id);
    const isStrict = (operator.length === 1) !== (this.active === id);
    // Values that cannot be ordered are not equal either.
    if (left <= right && left >= right) return !isStrict;
    return operator.startsWith("<") ? left < right : left > right;
  };
}
