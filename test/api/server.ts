/**
 * A real API server on loopback, in a temporary folder: for comparing verdicts. Nothing is ever stored but what a test
 * stores: objects are sent as dry runs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Processes } from "../../offline/processes";
import { startApiServer } from "../../rehearsal/control-plane/api-server";
import { findBinaries } from "../../rehearsal/tools/binaries";
import { Client } from "./client";

export interface Server {
  readonly client: Client;
  readonly stop: () => Promise<void>;
}

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

const FLAGS = [
  `--disable-admission-plugins=${NOT_ADMITTED.join(",")}`,
  "--runtime-config=api/all=true",
  "--service-cluster-ip-range=10.0.0.0/12,fd00::/108",
  "--max-requests-inflight=0",
  "--max-mutating-requests-inflight=0",
  "--enable-priority-and-fairness=false",
];

/** @throws if it does not answer in time; the end of its log is in the message. */
export async function startServer(): Promise<Server> {
  const binaries = findBinaries(process.env, ["etcd", "apiServer"]);
  const folder = mkdtempSync(join(tmpdir(), "runstack-api-"));
  const processes = new Processes();
  const remove = (): void => {
    processes.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await startApiServer({ folder, binaries, processes, flags: FLAGS });
    return {
      client: new Client(server.client),
      stop: async () => {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
