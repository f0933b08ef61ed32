/** For tests: runs a command in this process, with streams that record their output. */
import { ioOf, type Main } from "./process";
import type { Stream } from "./terminal";

export class Recorder implements Stream {
  text = "";
  #onError: (error: NodeJS.ErrnoException) => void = () => undefined;

  constructor(
    readonly isTTY = false,
    readonly columns = 80,
  ) {}

  write(text: string, done?: (error?: Error | null) => void): boolean {
    this.text += text;
    done?.();
    return true;
  }

  on(_event: "error", listener: (error: NodeJS.ErrnoException) => void): void {
    this.#onError = listener;
  }

  fail(code: string): void {
    this.#onError(Object.assign(new Error(code), { code }));
  }
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Given {
  readonly cwd: string;
  /** The contents of standard input. */
  readonly input?: string;
  readonly isTTY?: boolean;
}

export async function runMain(
  main: Main,
  argv: readonly string[],
  { cwd, input = "", isTTY = false }: Given,
): Promise<Ended> {
  const stdout = new Recorder(isTTY);
  const stderr = new Recorder(isTTY);
  const stdin = () => new TextEncoder().encode(input);
  const code = await main(argv, ioOf({ stdout, stderr, env: {}, cwd, stdin }));
  return { code, out: stdout.text, err: stderr.text };
}
