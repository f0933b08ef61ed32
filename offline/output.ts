/** Captures a child process's output as diagnostics, so that it does not mix with our own. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { DiagnosticLog } from "./diagnostics";

/** Node prefixes its warnings with its process id, which differs between runs. */
const PROCESS_ID = /\(node:\d+\)/gu;

/** Number of characters kept per stream; the rest is only counted. */
const MOST = 1_000_000;
/** Number of lines shown per stream of a failed process. The reason is at the end. */
const LAST_LINES = 20;

const VERBS = { stdout: "printed", stderr: "printed to standard error" } as const;
const STREAMS = ["stdout", "stderr"] as const;

/** The output of one process, by stream. */
export class Output {
  private readonly printed = new Map<keyof typeof VERBS, string>();

  private constructor(private readonly who: string) {}

  /** Adds a diagnostic for each stream with output, when the stream has ended. */
  static capture(
    child: ChildProcess,
    who: string,
    log: DiagnosticLog,
    keep: (line: string) => boolean = () => true,
  ): Output {
    const output = new Output(who);
    for (const stream of STREAMS) {
      const done = (text: string): void => {
        output.printed.set(stream, text);
        log.add("info", `The ${who} ${VERBS[stream]}:\n${text}`);
      };
      collect(child[stream], done, keep);
    }
    return output;
  }

  /* * The output of the process before it failed: a heading for each stream with output, and the stream's last lines
   * indented below. Secrets are redacted before cutting, because a secret can span lines.
   */
  lastWords(redact: (text: string) => string): string[] {
    return STREAMS.flatMap((stream) => {
      const text = this.printed.get(stream);
      if (text === undefined) return [];
      const lines = redact(stripVTControlCharacters(text)).split("\n");
      const shown = lines.slice(-LAST_LINES).map((line) => `  ${line}`);
      const last = shown.length < lines.length ? ` (the last ${String(LAST_LINES)} lines)` : "";
      return [`The ${this.who} ${VERBS[stream]}${last}:`, ...shown].join("\n");
    });
  }
}

function collect(
  stream: Readable | null,
  done: (text: string) => void,
  keep: (line: string) => boolean,
): void {
  let text = "";
  let dropped = 0;
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    const room = Math.max(0, MOST - text.length);
    text += chunk.slice(0, room);
    dropped += Math.max(0, chunk.length - room);
  });
  stream?.on("close", () => {
    const kept = text.split("\n").filter(keep).join("\n").replace(PROCESS_ID, "(node)").trimEnd();
    if (kept === "") return;
    done(dropped === 0 ? kept : `${kept}\n… and ${String(dropped)} more characters`);
  });
}
