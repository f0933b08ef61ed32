/** An API server and its etcd, on free ports of the loopback interface. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Processes } from "../../offline/processes";
import type { Access } from "../contract";
import type { Binaries } from "../tools/programs";
import { ApiClient } from "./client";
import { startDaemon, type Started } from "./daemon";

/** Milliseconds. Starts take 5 s on an idle machine. */
const PATIENCE = 120_000;
const POLL = 100;
/** Another process may take a free port before the server does. */
const ATTEMPTS = 3;
const TAKEN = /address already in use/u;

export interface ApiServer {
  readonly access: Access;
  readonly client: ApiClient;
  /** The private key that signs the tokens of service accounts, as a file. */
  readonly serviceAccountKey: string;
  /** Etcd, and the server that runs now. */
  daemons(): readonly Started[];
  /** Kills it and starts it again with the same objects, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApiServerRequest {
  /** For objects, keys and logs. */
  readonly folder: string;
  readonly binaries: Pick<Binaries, "etcd" | "apiServer">;
  readonly processes: Processes;
  /** Beside those that are always given. */
  readonly flags: readonly string[];
}

/** @throws Error if it does not answer in time; the ends of both logs are in the message. */
export async function startApiServer(request: ApiServerRequest): Promise<ApiServer> {
  const keys = writeKeys(request.folder);
  for (let attempt = 1; ; attempt += 1) {
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    try {
      return await startOn(ports, keys, request);
    } catch (error) {
      const isTaken = error instanceof Error && TAKEN.test(error.message);
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

interface Keys {
  readonly token: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
}

async function startOn(
  [etcdPort, peerPort, port]: readonly [number, number, number],
  keys: Keys,
  { folder, binaries, processes, flags }: ApiServerRequest,
): Promise<ApiServer> {
  const etcd = startDaemon(processes, {
    ...{ name: "etcd", executable: binaries.etcd, folder },
    args: etcdArguments(folder, etcdPort, peerPort),
  });
  const serve = (): Started =>
    startDaemon(processes, {
      ...{ name: "kube-apiserver", executable: binaries.apiServer, folder },
      args: [...serverArguments(folder, etcdPort, port, keys), ...flags],
    });
  let server = serve();
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), etcd.stop()]);
  };
  try {
    const access = await accessTo(folder, port, keys.token, [etcd, server]);
    const client = new ApiClient(access);
    await readiness(client, [etcd, server]);
    return {
      ...{ access, client, serviceAccountKey: keys.serviceAccountKey },
      daemons: () => [etcd, server],
      restart: async () => {
        await server.stop();
        server = serve();
        await readiness(client, [etcd, server]);
      },
      stop: async () => {
        client.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readiness(client: ApiClient, daemons: readonly Started[]): Promise<void> {
  await until(() => client.isReady(), daemons);
}

/** @throws Error with the ends of the logs if a program ends, or if it takes too long. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  daemons: readonly Started[],
): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    const ended = daemons.find((one) => one.hasEnded());
    if (ended !== undefined || Date.now() > end) {
      const what =
        ended === undefined
          ? `The control plane was not ready within ${PATIENCE / 1000} s.`
          : `${ended.name} ended.`;
      throw new Error([what, ...daemons.map((one) => `${one.name}:\n${one.log()}`)].join("\n"));
    }
    await pause(POLL);
  }
}

/** The server signs its own certificate when it first starts, and puts that of its authority behind it. */
async function accessTo(
  folder: string,
  port: number,
  token: string,
  daemons: readonly Started[],
): Promise<Access> {
  const path = join(folder, "certificates", "apiserver.crt");
  let authority: string | undefined;
  await until(() => {
    authority = certificatesIn(path).at(1);
    return authority !== undefined;
  }, daemons);
  return { server: `https://127.0.0.1:${port}`, authority: authority ?? "", token };
}

function certificatesIn(path: string): readonly string[] {
  try {
    const text = readFileSync(path, "utf8");
    return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/gu) ?? [];
  } catch {
    return [];
  }
}

function writeKeys(folder: string): Keys {
  const serviceAccountKey = join(folder, "service-accounts.pem");
  const tokens = join(folder, "tokens.csv");
  const token = randomBytes(16).toString("hex");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" });
  writeFileSync(serviceAccountKey, key, { mode: 0o600 });
  writeFileSync(tokens, `${token},administrator,administrator,system:masters\n`, { mode: 0o600 });
  return { token, tokens, serviceAccountKey };
}

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

function etcdArguments(folder: string, client: number, peer: number): readonly string[] {
  const [own, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${own}`,
    `--advertise-client-urls=${own}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    // Nothing here outlives the machine.
    "--unsafe-no-fsync",
  ];
}

function serverArguments(
  folder: string,
  etcd: number,
  port: number,
  { tokens, serviceAccountKey }: Keys,
): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--bind-address=127.0.0.1",
    // On a machine without a network, the server would find none by itself.
    "--advertise-address=127.0.0.1",
    // Nobody can be told that address, which means something else to everybody.
    "--endpoint-reconciler-type=none",
    `--secure-port=${port}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${serviceAccountKey}`,
    `--service-account-signing-key-file=${serviceAccountKey}`,
    `--token-auth-file=${tokens}`,
    "--authorization-mode=RBAC",
    "--allow-privileged=true",
  ];
}
