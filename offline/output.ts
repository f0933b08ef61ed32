/** Captures what a child process prints, as diagnostics: our own output stays ours. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { DiagnosticLog } from "./diagnostics";

/** Node begins its warnings with its process id, which differs from run to run. */
const PROCESS_ID = /\(node:\d+\)/gu;

/** Characters kept of one stream; the rest is counted. */
const MOST = 1_000_000;

export const Output = {
  /** Adds one diagnostic for each stream that printed something, when the stream has ended. */
  capture(
    child: ChildProcess,
    who: string,
    log: DiagnosticLog,
    keep: (line: string) => boolean = () => true,
  ): void {
    collect(
      child.stdout,
      (text) => {
        log.add("info", `The ${who} printed:\n${text}`);
      },
      keep,
    );
    collect(
      child.stderr,
      (text) => {
        log.add("info", `The ${who} printed to standard error:\n${text}`);
      },
      keep,
    );
  },
};

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
