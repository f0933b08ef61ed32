/**
 * The object store: rclone's own S3 server, because it checks signatures, keeps objects as files, which outlive its restart,
 * and is the maintained program that the jobs run as well. It stores one version of an object and no metadata of encryption.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { must, serve, type Server } from "./processes";

export const ACCESS_KEY = "rehearsal";
export const SECRET_KEY = "the-secret-key-of-the-rehearsal";

/** A port of the loopback interface that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

export interface StoredDump {
  readonly name: string;
  readonly sha256: string;
}

export class Store {
  private constructor(
    private readonly folder: string,
    readonly port: number,
    /** A file with the authority of its certificate. */
    readonly certificate: string,
    private readonly server: Server,
  ) {}

  static async start(rclone: string, folder: string): Promise<Store> {
    mkdirSync(folder, { recursive: true });
    const port = await freePort();
    const certificate = join(folder, "..", "store.pem");
    const key = await signed(certificate);
    const server = await serve(
      [
        ...[
          rclone,
          "serve",
          "s3",
          "--config",
          "/notfound",
          "--auth-key",
          `${ACCESS_KEY},${SECRET_KEY}`,
        ],
        // Without a cache it sees at once what a case does to the files.
        ...["--addr", `127.0.0.1:${String(port)}`, "--dir-cache-time", "0"],
        ...["--cert", certificate, "--key", key, folder],
      ],
      () => answers(port),
    );
    return new Store(folder, port, certificate, server);
  }

  createBucket(name: string): void {
    mkdirSync(join(this.folder, name), { recursive: true });
  }

  /** Where the object lies as a file. */
  file(bucket: string, key: string): string {
    return join(this.folder, bucket, key);
  }

  /** The dumps that a restore lists: those with a checksum beside them. */
  listed(bucket: string, prefix: string): readonly StoredDump[] {
    const folder = this.file(bucket, prefix);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".sha256"))
      .map((name) => ({
        name: name.replace(/\.sha256$/u, ""),
        sha256: readFileSync(join(folder, name), "utf8").slice(0, 64),
      }));
  }

  /** What is listed and is not what its checksum says. */
  spoiled(bucket: string, prefix: string): readonly string[] {
    return this.listed(bucket, prefix)
      .filter(({ name, sha256 }) => {
        const file = this.file(bucket, `${prefix}/${name}`);
        return !existsSync(file) || sha256 !== checksum(file);
      })
      .map(({ name }) => name);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** Signed by itself, for the loopback address: as in the clouds, rclone sends only through TLS. @returns the key's file */
export async function signed(certificate: string): Promise<string> {
  const key = `${certificate}.key`;
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = ["-keyout", key, "-out", certificate, "-days", "2", ...names];
  await must(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", ...made]);
  chmodSync(certificate, 0o644);
  return key;
}

const checksum = (file: string): string =>
  createHash("sha256").update(readFileSync(file)).digest("hex");
