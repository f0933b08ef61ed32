/**
 * A real API server on loopback, with its etcd, in a temporary folder: for comparing verdicts. Both must be on
 * PATH. Nothing is ever stored but what a test stores: objects are sent as dry runs.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "./client";

export interface Server {
  readonly client: Client;
  readonly stop: () => void;
}

/** Milliseconds. */
const START = 90_000;

/**
 * Admission that would refuse an object for what is not in the cluster, rather than for what is written in it.
 */
const NOT_ADMITTED = [
  "NamespaceLifecycle",
  "ServiceAccount",
  "PodSecurity",
  "Priority",
  "RuntimeClass",
];

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}

/** @throws if it does not answer in time; the end of its log is in the message. */
export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "runstack-api-"));
  const log = join(folder, "log");
  const processes: ChildProcess[] = [];
  const stop = (): void => {
    for (const one of processes) one.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", stop);
  const run = (command: string, args: readonly string[]): void => {
    const out = openSync(log, "a");
    const started = spawn(command, args, { stdio: ["ignore", out, out] });
    started.once("error", (error) => {
      writeFileSync(log, `${command}: ${error.message}\n`, { flag: "a" });
    });
    processes.push(started);
  };
  const [etcd, peer, port] = [await freePort(), await freePort(), await freePort()];
  const token = randomBytes(16).toString("hex");
  run("etcd", etcdArguments(folder, etcd, peer));
  run("kube-apiserver", serverArguments(folder, etcd, port, token));
  const client = new Client(port, token);
  const end = Date.now() + START;
  while (!(await client.isReady())) {
    if (Date.now() > end) {
      const text = readFileSync(log, "utf8").slice(-2000);
      stop();
      throw new Error(`The API server did not start within ${START / 1000} s:\n${text}`);
    }
    await pause(200);
  }
  return { client, stop };
}

function etcdArguments(folder: string, client: number, peer: number): readonly string[] {
  const [own, peers] = [client, peer].map((port) => `http://127.0.0.1:${port}`);
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${own ?? ""}`,
    `--advertise-client-urls=${own ?? ""}`,
    `--listen-peer-urls=${peers ?? ""}`,
    `--initial-advertise-peer-urls=${peers ?? ""}`,
    `--initial-cluster=default=${peers ?? ""}`,
    "--unsafe-no-fsync",
  ];
}

function serverArguments(
  folder: string,
  etcd: number,
  port: number,
  token: string,
): readonly string[] {
  const key = join(folder, "key.pem");
  const tokens = join(folder, "tokens.csv");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  writeFileSync(tokens, `${token},test,test,system:masters\n`, { mode: 0o600 });
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    "--service-account-issuer=https://issuer.example",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${tokens}`,
    "--authorization-mode=RBAC",
    `--disable-admission-plugins=${NOT_ADMITTED.join(",")}`,
    "--runtime-config=api/all=true",
    "--allow-privileged=true",
    "--service-cluster-ip-range=10.0.0.0/12,fd00::/108",
    "--max-requests-inflight=0",
    "--max-mutating-requests-inflight=0",
    "--enable-priority-and-fairness=false",
  ];
}
