/** Runs a command and watches the memory of its whole process tree. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  readonly ms: number;
  /**
   * The sum over all processes of the largest resident set each had (`VmHWM` in
   * `/proc/PID/status`, which the kernel keeps; read every 20 ms, so that at most a process's last
   * 20 ms are missed). An upper bound: peaks need not coincide, and shared pages count in each. 0 where there is no /proc.
   */
  readonly peakMiB: number;
  readonly code: number | null;
  readonly stderr: string;
}

const EVERY_MS = 20;

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended, or there is no /proc.
    return "";
  }
}

/** Children of every thread of a process. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function sample(pid: number, peaks: Map<number, number>): void {
  const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  peaks.set(pid, Math.max(peaks.get(pid) ?? 0, kib));
  for (const child of childrenOf(pid)) sample(child, peaks);
}

/** Runs node, or another command, with arguments; its output is thrown away. */
export async function measure(
  args: readonly string[],
  cwd: string,
  command = process.execPath,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, [...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const peaks = new Map<number, number>();
  const timer = setInterval(() => {
    if (child.pid !== undefined) sample(child.pid, peaks);
  }, EVERY_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(timer);
  const kib = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  return { ms: performance.now() - started, peakMiB: kib / 1024, code, stderr };
}
