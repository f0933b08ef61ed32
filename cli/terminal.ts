/** Output to terminals and pipes: results on standard output, everything else on standard error. */

/** The used parts of `process.stdout` and `process.stderr`. */
export interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string, done?: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Colour only on a terminal, unless NO_COLOR is set (no-color.org). */
export function wantsColour(stream: Stream, environment: NodeJS.ProcessEnv): boolean {
  return (
    stream.isTTY === true &&
    (environment["NO_COLOR"] ?? "") === "" &&
    environment["TERM"] !== "dumb"
  );
}

/** Columns of text: a terminal's own, but at most the 100 of a file or a pipe. */
export function widthOf({ isTTY, columns }: Stream): number {
  return isTTY === true && columns !== undefined ? Math.min(100, Math.max(40, columns)) : 100;
}

/**
 * Writes results. When the reader has closed the pipe (`| head`), the rest is dropped silently: that is not
 * an error, and it must not change the exit code.
 */
export class Results {
  #open = true;
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
    stream.on("error", (error) => {
      this.#open = false;
      if (error.code !== "EPIPE") throw error;
    });
  }

  write(text: string): void {
    if (this.#open) this.#stream.write(text);
  }

  /** Resolves when all output is flushed, or never can be. */
  async flush(): Promise<void> {
    if (!this.#open) return;
    await new Promise<void>((resolve) => {
      this.#stream.write("", () => {
        resolve();
      });
    });
  }
}

const CLEAR_LINE = "\r\u001b[K";

/**
 * Progress: on a terminal a single line that is overwritten, otherwise one plain line for each stack that
 * starts. Always on standard error.
 */
export class Progress {
  readonly #stream: Stream;
  readonly #running = new Map<string, number>();
  #drawn = false;

  constructor(stream: Stream) {
    this.#stream = stream;
    // If standard error is closed, there is nowhere to report to.
    stream.on("error", () => undefined);
  }

  begin(stack: string): void {
    this.#running.set(stack, 0);
    if (this.#stream.isTTY !== true) this.#stream.write(`Planning ${stack}\n`);
    this.#draw();
  }

  registered(stack: string, resources: number): void {
    this.#running.set(stack, resources);
    this.#draw();
  }

  end(stack: string): void {
    this.#running.delete(stack);
    this.#draw();
  }

  /** A line that is not overwritten. */
  say(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** Clears the progress line, so that results can be written in its place. */
  clear(): void {
    if (this.#drawn) this.#stream.write(CLEAR_LINE);
    this.#drawn = false;
  }

  #draw(): void {
    if (this.#stream.isTTY !== true) return;
    this.clear();
    if (this.#running.size === 0) return;
    const parts = [...this.#running].map(([stack, count]) => `${stack} ${count}`);
    const text = `Planning ${parts.join(", ")}`.slice(0, (this.#stream.columns ?? 80) - 1);
    this.#stream.write(text);
    this.#drawn = true;
  }
}
