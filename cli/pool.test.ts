import { describe, expect, it } from "vitest";
import { pool } from "./pool";

describe("pool", () => {
  it("runs up to the limit at a time, and returns results in the tasks' order", async () => {
    let running = 0;
    let most = 0;
    const task = (value: number, ticks: number) => async (): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      running -= 1;
      return value;
    };
    const results = await Promise.all(pool([task(1, 9), task(2, 1), task(3, 5), task(4, 1)], 2));
    expect(results).toEqual([1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it("continues after a failed task", async () => {
    const tasks = [
      (): Promise<string> => Promise.reject(new Error("first")),
      (): Promise<string> => Promise.resolve("second"),
    ];
    const settled = await Promise.allSettled(pool(tasks, 1));
    expect(settled).toEqual([
      { status: "rejected", reason: new Error("first") },
      { status: "fulfilled", value: "second" },
    ]);
  });
});
