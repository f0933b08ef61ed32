/** Reading files that may be anything: their bytes, their text, and why there is none. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const MIB = 1024 * 1024;
const PIECE = 64 * 1024;

/** A file's content. A pipe and a device do not tell how long they are, and may never end. @throws Error */
export function bytesOf(path: string, most: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const pieces: Buffer[] = [];
    let total = 0;
    for (;;) {
      const left = Math.min(fstatSync(file).size, most) - total;
      const piece = Buffer.allocUnsafe(Math.max(left + 1, PIECE));
      const read = readSync(file, piece);
      if (read === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, read));
      total += read;
      if (total > most) throw new Error(`it is larger than ${most / MIB} MiB`);
    }
  } finally {
    closeSync(file);
  }
}

/** Without the byte order mark that some editors add; UTF-16 is recognized by its mark. @throws Error with a clause */
export function textIn(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe
      ? "utf-16le"
      : first === 0xfe && second === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`it is not ${encoding.toUpperCase()}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EACCES: "permission denied",
  ELOOP: "its symbolic links form a loop",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "its name is too long",
  ERR_INVALID_ARG_VALUE: "its name has a character that no name of a file may have",
};

/** Why a file cannot be read or written, as a clause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? error.message;
}
