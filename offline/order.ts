/** A stable order: dependencies first, then by name. */

/**
 * Sorts `keys` so that each comes after the ones that it `needs` (unknown ones are ignored), and otherwise in
 * code-point order. Keys on a cycle come last. O(n log n).
 */
export function topologicalOrder(
  keys: readonly string[],
  needs: (key: string) => Iterable<string>,
): string[] {
  const open = new Map<string, number>(keys.map((key) => [key, 0]));
  const neededBy = new Map<string, string[]>();
  for (const key of open.keys()) {
    for (const need of new Set(needs(key))) {
      if (need === key || !open.has(need)) continue;
      open.set(key, (open.get(key) ?? 0) + 1);
      const list = neededBy.get(need);
      if (list === undefined) neededBy.set(need, [key]);
      else list.push(key);
    }
  }
  const ready = new Heap();
  for (const [key, count] of open) if (count === 0) ready.push(key);
  const result: string[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    result.push(next);
    for (const key of neededBy.get(next) ?? []) {
      const left = (open.get(key) ?? 0) - 1;
      open.set(key, left);
      if (left === 0) ready.push(key);
    }
  }
  const done = new Set(result);
  return [...result, ...[...open.keys()].filter((key) => !done.has(key)).sort()];
}

/** A binary heap of texts, the smallest on top. */
class Heap {
  private readonly items: string[] = [];

  push(item: string): void {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.less(at, above)) break;
      this.swap(at, above);
      at = above;
    }
  }

  pop(): string | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return top;
    this.items[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (this.less(left, least)) least = left;
      if (this.less(right, least)) least = right;
      if (least === at) return top;
      this.swap(at, least);
      at = least;
    }
  }

  private less(a: number, b: number): boolean {
    const [x, y] = [this.items[a], this.items[b]];
    return x !== undefined && y !== undefined && x < y;
  }

  private swap(a: number, b: number): void {
    const [x, y] = [this.items[a], this.items[b]];
    if (x === undefined || y === undefined) return;
    this.items[a] = y;
    this.items[b] = x;
  }
}
