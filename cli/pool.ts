/** Runs some tasks at a time; results are awaited in the tasks' order. */

/**
 * Starts at most `limit` tasks at once and the next one whenever one ends, and gives back a promise for
 * each, at once. A task that fails does not keep others from running.
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
