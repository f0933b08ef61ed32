/** Runs a command and measures memory and CPU time of its whole process tree. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  readonly ms: number;
  /**
   * The sum over all processes of the largest resident set each had (`VmHWM` in
   * `/proc/PID/status`, which the kernel keeps; read every 20 ms, so that at most a process's last
   * 20 ms are missed). An upper bound: peaks need not coincide, and shared pages are counted in each
   * process. 0 without /proc.
   */
  readonly peakMiB: number;
  /**
   * CPU time of all processes, in user and system mode (`/proc/PID/stat`, hundredths of a second); at most
   * each one's last 20 ms are missed. 0 without /proc.
   */
  readonly processorMs: number;
  readonly code: number | null;
  readonly stderr: string;
}

const EVERY_MS = 20;
/** `getconf CLK_TCK` is 100 on every Linux that Node.js runs on. */
const TICK_MS = 10;

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

interface Use {
  readonly kib: number;
  readonly ticks: number;
}

function sample(pid: number, uses: Map<number, Use>): void {
  const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  // After the name, which may contain spaces: state is the first field, user and system time the 12th and
  // 13th.
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  const before = uses.get(pid) ?? { kib: 0, ticks: 0 };
  uses.set(pid, { kib: Math.max(before.kib, kib), ticks: Math.max(before.ticks, ticks) });
  for (const child of childrenOf(pid)) sample(child, uses);
}

/** Runs Node, or another command, with arguments, and discards its output. */
export async function measure(
  args: readonly string[],
  cwd: string,
  command = process.execPath,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, [...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const uses = new Map<number, Use>();
  const timer = setInterval(() => {
    if (child.pid !== undefined) sample(child.pid, uses);
  }, EVERY_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(timer);
  const total = (of: keyof Use): number =>
    [...uses.values()].reduce((sum, use) => sum + use[of], 0);
  return {
    ms: performance.now() - started,
    peakMiB: total("kib") / 1024,
    processorMs: total("ticks") * TICK_MS,
    code,
    stderr,
  };
}
