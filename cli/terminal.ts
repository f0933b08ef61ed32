/** Writing to people and pipes: results on standard output, everything else on standard error. */

/** What is needed of `process.stdout` and `process.stderr`. */
export interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string, done?: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Colour only for a person at a terminal who did not ask for none (no-color.org). */
export function wantsColour(stream: Stream, environment: NodeJS.ProcessEnv): boolean {
  return (
    stream.isTTY === true &&
    (environment["NO_COLOR"] ?? "") === "" &&
    environment["TERM"] !== "dumb"
  );
}

/**
 * Results on their way out. When the reader has gone (`| head`), the rest is dropped silently: it is no
 * error of ours, and must not hide what the exit code says.
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

  /** Resolves when everything written has left, or never can. */
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
 * Progress: on a terminal one line that is written over, elsewhere one plain line for each stack that
 * begins. Always on standard error.
 */
export class Progress {
  readonly #stream: Stream;
  readonly #running = new Map<string, number>();
  #drawn = false;

  constructor(stream: Stream) {
    this.#stream = stream;
    // A closed standard error leaves nobody to tell.
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

  /** A line that stays. */
  say(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** Takes the progress line away, so that results can be written where it was. */
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
