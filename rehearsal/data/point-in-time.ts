/** A Postgres in the cluster is restored from its archive: to a time, to the end, and into another incarnation. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Archiver, type Archive } from "./archive";
import { resultOf, succeeded, verdict, type DataResult, type Verdict } from "./cases";
import { differenceOf, fill, stateOf, witness } from "./content";
import type { Postgres } from "./postgres";
import { temporaryFolder } from "./stage";
import { Store } from "./store";
import type { Tools } from "./tools";

interface Scene {
  readonly archiver: Archiver;
  readonly archive: Archive;
  /** The server name of the next incarnation. */
  readonly next: string;
  /** The state between the two writes, and when it was. */
  readonly between: readonly string[];
  readonly time: string;
  readonly end: readonly string[];
  /** Servers to stop. */
  readonly running: Postgres[];
}

/** Without sequences: after a crash they go on up to 32 values later, by design. */
const same = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const stable = (state: readonly string[]) => state.filter((line) => !line.startsWith("sequence"));
  const difference = differenceOf(stable(before), stable(after));
  return difference === "" ? [] : [`the database is not what it was: ${difference}`];
};

/** Two writes with a time between them, a crash, and no volume left. */
async function prepare(archiver: Archiver, archive: Archive, folder: string): Promise<Scene> {
  const postgres = await archiver.create("first", archive.serverName);
  await fill(postgres);
  const backup = await archiver.baseBackup(postgres, archive.serverName);
  if (backup.code !== 0) throw new Error(`The base backup failed: ${backup.output.trim()}`);
  await postgres.sql(witness("the first write"));
  const between = await stateOf(postgres);
  const time = (await postgres.sql("SELECT clock_timestamp()")).trim();
  await postgres.sql(witness("the second write"));
  const end = await stateOf(postgres);
  if (!(await archiver.archived(postgres))) throw new Error(`Not archived: ${postgres.log}`);
  await postgres.sql(witness("after the last archived WAL"));
  await postgres.stop("SIGQUIT");
  rmSync(join(folder, "first"), { recursive: true });
  const next = `${archive.serverName}-2`;
  return { archiver, archive, next, between, time, end, running: [] };
}

async function toATime({
  archiver,
  archive,
  between,
  time,
  next,
  running,
}: Scene): Promise<Verdict> {
  const begun = performance.now();
  const restored = await archiver.recover("to-a-time", archive.serverName, next, time);
  const measured = {
    restored: (performance.now() - begun) / 1000,
    behind: Number.parseInt(archive.timeout, 10),
  };
  running.push(restored);
  const state = await stateOf(restored);
  return {
    ...verdict("the first write is there and the second is not", same(between, state)),
    measured,
  };
}

/** Uses the server that the case before has restored, because it archives under the next name. */
async function rebuilt({ archiver, next, running }: Scene): Promise<Verdict> {
  const [postgres] = running;
  if (postgres === undefined) return verdict("", ["nothing was restored before"]);
  const archived = await archiver.archived(postgres);
  return verdict(
    `archived as ${next}, with a base backup`,
    archived ? [] : [`its WAL is not archived: ${postgres.log}`],
    succeeded(await archiver.baseBackup(postgres, next)),
  );
}

async function toTheEnd({ archiver, archive, end, next, running }: Scene): Promise<Verdict> {
  const restored = await archiver.recover("to-the-end", archive.serverName, `${next}-end`);
  running.push(restored);
  return verdict(
    "both writes are there; what was not archived yet is lost",
    same(end, await stateOf(restored)),
  );
}

/** CloudNativePG refuses it too: a second history in one archive would spoil both. */
async function sameName({ archiver, archive, running }: Scene): Promise<Verdict> {
  const postgres = await archiver.create("same-name", archive.serverName);
  running.push(postgres);
  const { code, output } = await archiver.check(archive.serverName);
  await postgres.admin("SELECT pg_switch_wal()");
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const count = (await postgres.admin("SELECT archived_count FROM pg_stat_archiver")).trim();
  return verdict(
    output.trim(),
    code === 0 ? ["the check accepts an archive that is in use"] : [],
    count === "0" ? [] : [`${count} WAL files of another database are in the archive`],
  );
}

const CASES: readonly (readonly [title: string, play: (scene: Scene) => Promise<Verdict>])[] = [
  ["restored to a time between two writes", toATime],
  ["the archive of the rebuilt database works under another incarnation's name", rebuilt],
  ["restored to the end of the archive", toTheEnd],
  ["a new database may not archive under a name that is in use", sameName],
];

/**
 * One result a case.
 *
 * @param backup the archive's name in the system
 */
export async function rehearseArchive(
  backup: string,
  archive: Archive,
  tools: Tools,
  onResult: (result: DataResult) => void,
): Promise<void> {
  const folder = temporaryFolder();
  const store = await Store.start(tools.rclone, join(folder, "store"));
  const servers = join(folder, "postgres");
  const prepared = prepare(new Archiver(archive, tools, servers, store), archive, servers);
  for (const [title, play] of CASES) {
    onResult(await resultOf(backup, title, async () => play(await prepared)));
  }
  const running = await prepared.then((scene) => scene.running).catch(() => []);
  await Promise.all([store.stop(), ...running.map((one) => one.stop("SIGQUIT"))]);
  rmSync(folder, { recursive: true, force: true });
}
