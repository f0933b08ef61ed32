/** Runs a limited number of tasks at a time. Results are awaited in the tasks' order. */

/**
 * Starts at most `limit` tasks at once, and the next one whenever one ends. Returns a promise for each
 * task immediately. A failed task does not stop the others.
 */
export function pool<T>(
  tasks: readonly (() => Promise<T>)[],
  limit: number,
): readonly Promise<T>[] {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = async (): Promise<void> => {
    if (running < limit) running += 1;
    else await new Promise<void>((start) => waiting.push(start));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return tasks.map(async (task) => {
    await turn();
    try {
      return await task();
    } finally {
      done();
    }
  });
}
