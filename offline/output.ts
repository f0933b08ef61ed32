/** Captures what a child process prints, as diagnostics: our own output stays ours. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { DiagnosticLog } from "./diagnostics";

/** Node begins its warnings with its process id, which differs from run to run. */
const PROCESS_ID = /\(node:\d+\)/gu;

/** Characters kept of one stream; the rest is counted. */
const MOST = 1_000_000;
/** Lines of one stream that are shown when its process has failed: the reason stands at the end. */
const LAST_LINES = 20;

const VERBS = { stdout: "printed", stderr: "printed to standard error" } as const;
const STREAMS = ["stdout", "stderr"] as const;

/** What one process printed, by stream. */
export class Output {
  private readonly printed = new Map<keyof typeof VERBS, string>();

  private constructor(private readonly who: string) {}

  /** Adds one diagnostic for each stream that printed something, when the stream has ended. */
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

  /**
   * What the process had to say before it failed: a headline for each stream that printed something, and
   * the stream's last lines indented below. Redacted before it is cut, since a secret may span lines.
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
