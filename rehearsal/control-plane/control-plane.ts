/**
 * A Kubernetes cluster without machines: etcd, API server, controller manager and scheduler as they are, and KWOK for nodes
 * and operators. Everything listens on the loopback interface only and ends with this process.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Processes } from "../../offline/processes";
import type { ClusterShape, ControlPlane } from "../contract";
import type { ControlPlaneBinaries } from "../tools/programs";
import { startApiServer, until, type ApiServer } from "./api-server";
import { wordsOf, type ApiClient } from "./client";
import { startDaemon, type Started } from "./daemon";
import { externalSecrets } from "./external-secrets";
import { topicOperator } from "./kafka-topics";
import { kubeconfigOf } from "./kubeconfig";
import { nodesOf } from "./nodes";
import { isTrue, listAll, runOperators, type Running } from "./operators";
import { STAGE_DEFINITION, StageKeeper, stagesFor } from "./stages";

/** Far more than they need: what slows them down is the machine, not a rate that only large clusters meet. */
const REQUESTS = ["--kube-api-qps=500", "--kube-api-burst=1000"];

const KWOK = [
  "--manage-all-nodes=true",
  "--enable-crds=Stage",
  "--node-lease-duration-seconds=40",
  "--cidr=10.64.0.1/16",
  // It serves nothing: nobody could log in to a pod that does not run.
  "--node-port=0",
  "--server-address=",
];

/**
 * @param folder for what the cluster stores, its keys and its logs
 * @throws Error with the ends of the logs if a part does not start
 */
export async function startControlPlane(
  folder: string,
  shape: ClusterShape,
  binaries: ControlPlaneBinaries,
): Promise<ControlPlane> {
  mkdirSync(folder, { recursive: true });
  const processes = new Processes();
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    // Those that ask the server end before it.
    for (const part of parts.splice(0).reverse()) await part.stop();
    processes.close();
  };
  try {
    const server = await startApiServer({ folder, binaries, processes, flags: [] });
    parts.push(server);
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, kubeconfigOf(server.access), { mode: 0o600 });
    const version = await server.client.version();
    const daemons = startDaemons({ folder, kubeconfig, binaries, processes, server });
    parts.push(...daemons);
    await furnish(server.client, shape, version, daemons);
    const operators = operate(server.client, shape);
    parts.push(operators);
    await ready(server.client, shape, daemons);
    return {
      ...{ access: server.access, version, kubeconfig, stop },
      complaints: () => [
        ...complaintsOf([...server.daemons(), ...daemons]),
        ...operators.complaints(),
      ],
      restartServer: () => server.restart(),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Given {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly binaries: ControlPlaneBinaries;
  readonly processes: Processes;
  readonly server: ApiServer;
}

/** They wait for the server, and for what they need in it, by themselves. */
function startDaemons({
  folder,
  kubeconfig,
  binaries,
  processes,
  server,
}: Given): readonly Started[] {
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, server.access.authority);
  const own = [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    "--secure-port=0",
    ...REQUESTS,
  ];
  return [
    startDaemon(processes, {
      ...{ name: "kube-controller-manager", executable: binaries.controllerManager, folder },
      args: [
        ...own,
        `--service-account-private-key-file=${server.serviceAccountKey}`,
        `--root-ca-file=${authority}`,
      ],
    }),
    startDaemon(processes, {
      ...{ name: "kube-scheduler", executable: binaries.scheduler, folder },
      args: own,
    }),
    startDaemon(processes, {
      ...{ name: "kwok", executable: binaries.kwok, folder },
      args: [`--kubeconfig=${kubeconfig}`, ...KWOK],
    }),
  ];
}

/** What the cloud installs, and nodes. */
async function furnish(
  client: ApiClient,
  shape: ClusterShape,
  version: string,
  daemons: readonly Started[],
): Promise<void> {
  const objects = [STAGE_DEFINITION, ...shape.objects, ...nodesOf(shape, version)];
  await Promise.all(objects.map((object) => install(client, object, daemons)));
}

/** An object may need another's kind or namespace, which is there a moment after its own object is stored. */
async function install(
  client: ApiClient,
  object: object,
  daemons: readonly Started[],
): Promise<void> {
  let refused = "";
  try {
    await until(async () => {
      refused = await apply(client, object);
      return refused === "";
    }, daemons);
  } catch (error) {
    throw refused === "" ? error : new Error(refused, { cause: error });
  }
}

/**
 * @returns what the server says against it, or nothing
 * @throws Error if it will never accept the object
 */
async function apply(client: ApiClient, object: object): Promise<string> {
  const path = await client.pathOf(object);
  if (path === undefined) {
    const { apiVersion, kind } = object as { readonly apiVersion: string; readonly kind: string };
    return `The API server serves no kind ${kind} of ${apiVersion}.`;
  }
  const { status, body } = await client.patch(path, object, {
    type: "apply",
    manager: "rehearsal",
  });
  if (status < 300) return "";
  const refused = `The API server refuses ${path}: ${wordsOf(body)}`;
  if (status === 400 || status === 422) throw new Error(refused);
  return refused;
}

const complaintsOf = (daemons: readonly Started[]): readonly string[] =>
  daemons.filter((one) => one.hasEnded()).map(({ name, log }) => `${name} ended:\n${log()}`);

function operate(client: ApiClient, shape: ClusterShape): Running {
  const stages = new StageKeeper(client, stagesFor(shape));
  return runOperators([stages, topicOperator(client), externalSecrets(client)]);
}

interface Node {
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Until pods can be created and run: nodes are ready, and the first service account exists. */
async function ready(
  client: ApiClient,
  shape: ClusterShape,
  daemons: readonly Started[],
): Promise<void> {
  await until(async () => {
    const nodes = await listAll<Node>(client, "/api/v1/nodes");
    const account = "/api/v1/namespaces/default/serviceaccounts/default";
    return (
      nodes.filter(({ status }) => isTrue("Ready", status.conditions)).length === shape.nodes &&
      (await client.send("GET", account)).status === 200
    );
  }, daemons);
}
