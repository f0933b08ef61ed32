/** What the simulated clouds know, in memory and in a file that outlives the process. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Access } from "../contract";
import type { Thing } from "./thing";

/** What is deleted, and still blocks its name. */
export interface Reservation {
  readonly type: string;
  readonly name: string;
  /** Empty if it blocks the name everywhere. */
  readonly region: string;
  /** In milliseconds since 1970. */
  readonly until: number;
}

export interface Known {
  things: readonly Thing[];
  reservations: readonly Reservation[];
  lost: readonly string[];
  /** The keys of the objects in each bucket. */
  objects: Readonly<Record<string, readonly string[]>>;
  /** How clients get into each cluster, by the cluster's id. */
  access: Readonly<Record<string, Access>>;
  /** How many things were ever created. */
  created: number;
}

const NOTHING: Known = {
  ...{ things: [], reservations: [], lost: [], objects: {}, access: {} },
  created: 0,
};

export class Store {
  private known: Known;

  /** @param file none to forget everything with the process, as tests do */
  constructor(private readonly file?: string) {
    this.known =
      file !== undefined && existsSync(file)
        ? (JSON.parse(readFileSync(file, "utf8")) as Known)
        : NOTHING;
  }

  get now(): Readonly<Known> {
    return this.known;
  }

  /** In the file before anybody is told: a rehearsal may be killed at any moment. */
  change(changed: Partial<Known>): void {
    this.known = { ...this.known, ...changed };
    if (this.file === undefined) return;
    const next = `${this.file}.next`;
    // It holds the passwords of databases and the tokens of clusters.
    writeFileSync(next, JSON.stringify(this.known), { mode: 0o600 });
    renameSync(next, this.file);
  }
}
