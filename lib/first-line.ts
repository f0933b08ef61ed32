/** What a process says first. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";

/**
 * The first complete line on standard output, where the runner writes its port; the rest is drained
 * so that the process never blocks.
 * @throws Error if the process cannot be started or ends before it has written a line
 */
export function firstLine(child: ChildProcess & { readonly stdout: Readable }): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end).trim());
    });
    child.once("error", reject);
    child.once("close", (status, signal) => {
      const ending = signal === null ? `exit status ${String(status)}` : `signal ${signal}`;
      reject(new Error(`The process ended before it named its port: ${ending}.`));
    });
  });
}
