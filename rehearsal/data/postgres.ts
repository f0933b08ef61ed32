/** A PostgreSQL server on the loopback interface, which accepts encrypted connections of one owner only. */
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, run, serve, UNPRIVILEGED, ROOT, type Ended, type Server } from "./processes";
import { answers, freePort } from "./store";
import type { Tools } from "./tools";

const DATABASE = "app";
export const OWNER = "app";
/** With what a URL must encode, so that the scripts have to decode it. */
const PASSWORD = "p@ss w%rd/é?";
const ADMIN = "postgres";

/** A folder that the server's user owns. */
export function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (ROOT) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  return path;
}

function ownFile(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  if (ROOT) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
}

export class Postgres {
  private server: Server | undefined;

  private constructor(
    private readonly tools: Tools,
    readonly data: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Creates and starts an empty one. `settings` are lines of its configuration. */
  static async create(
    tools: Tools,
    folder: string,
    settings: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Postgres> {
    const data = join(ownFolder(folder), "data");
    const options = ["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"];
    const locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"];
    await must(
      [join(tools.server, "initdb"), "--pgdata", data, "--username", ADMIN, ...options, ...locale],
      { unprivileged: true },
    );
    await certificate(data);
    return Postgres.on(tools, data, settings, env);
  }

  /** Starts one on data that exist. */
  static async on(
    tools: Tools,
    data: string,
    settings: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Postgres> {
    const port = await freePort();
    const socket = join(data, "..");
    ownFile(
      join(data, "postgresql.auto.conf"),
      [
        ...["listen_addresses = '127.0.0.1'", `port = ${String(port)}`, "ssl = on"],
        ...[`unix_socket_directories = '${socket}'`, "fsync = off", "shared_buffers = '32MB'"],
        ...settings,
      ].join("\n") + "\n",
    );
    const postgres = new Postgres(tools, data, port, env);
    await postgres.start();
    return postgres;
  }

  /** Waits until it takes queries, also after a recovery. */
  async start(): Promise<void> {
    this.server = await serve(
      [join(this.tools.server, "postgres"), "-D", this.data],
      async () => (await answers(this.port)) && (await this.ask("SELECT 1")).code === 0,
      { unprivileged: true, env: { PATH: process.env["PATH"] ?? "", ...this.env } },
    );
  }

  /** Its log: what it said since it was started. */
  get log(): string {
    return this.server?.output() ?? "";
  }

  /** `SIGQUIT` is what a crash leaves behind, `SIGINT` an orderly end. */
  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<void> {
    await this.server?.stop(signal);
    this.server = undefined;
  }

  /** An empty database of the owner; what it had is lost. */
  async empty(): Promise<void> {
    const password = PASSWORD.replaceAll("'", "''");
    await this.sql(
      `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE);
      DROP ROLE IF EXISTS ${OWNER};
      CREATE ROLE ${OWNER} LOGIN PASSWORD '${password}';
      CREATE DATABASE ${DATABASE} OWNER ${OWNER};`,
      ADMIN,
    );
  }

  /** For a job; with `password`, one that is not accepted. */
  url(password = PASSWORD): string {
    return `postgresql://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${String(this.port)}/${DATABASE}`;
  }

  /** As the administrator, in its own database. @throws Error with what the server said */
  admin(text: string): Promise<string> {
    return this.sql(text, ADMIN);
  }

  /** As the owner. @throws Error with what the server said */
  async sql(text: string, database = DATABASE): Promise<string> {
    const { code, output } = await this.ask(text, database);
    if (code === 0) return output;
    throw new Error(`The database refused a statement: ${output.trim()}`);
  }

  private ask(text: string, database = ADMIN): Promise<Ended> {
    const connection = ["--host", join(this.data, ".."), "--port", String(this.port)];
    const user = ["--username", database === ADMIN ? ADMIN : OWNER, "--dbname", database];
    const plain = ["--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align"];
    const psql = join(this.tools.client, "psql");
    return run([psql, ...connection, ...user, ...plain, "--set=ON_ERROR_STOP=1"], { input: text });
  }
}

/** Signed by itself: `sslmode=require`, which the jobs have, wants encryption and no authority. */
async function certificate(data: string): Promise<void> {
  const [key, crt] = [join(data, "server.key"), join(data, "server.crt")];
  const made = ["-keyout", key, "-out", crt, "-days", "2", "-subj", "/CN=127.0.0.1"];
  await must(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", ...made], {
    unprivileged: true,
  });
}
