import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_CLASS } from "./arguments";
import { preflightEnvironment } from "./preflight";
import { PREFLIGHT_SCRIPT } from "./script";
import { args } from "./testing";

/**
 * The script runs in a real shell with the real curl, against a stub of an API server; requests,
 * headers and responses are defined below.
 */
const SHELLS = [
  ["/bin/sh", "-c"],
  ["/usr/bin/busybox", "sh", "-c"],
].filter(([program = ""]) => existsSync(program));

type Answer = readonly [status: number, body?: unknown, indent?: number];

const VERSION = "/version";
const STORAGE = "/apis/storage.k8s.io/v1/storageclasses/fast";
const GATEWAY = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/runstack";
const METRICS = "/apis/metrics.k8s.io/v1beta1";
const REGISTERED = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";
const NODES = "/api/v1/nodes?limit=1&labelSelector=example.com%2Fpool%3Driders%2Cdisk%3Dssd";
const DEFINITION = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/bells.example.com";
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

const version = (minor: string) => ({
  major: "1",
  minor,
  emulationMajor: "1",
  emulationMinor: "30",
  gitVersion: `v1.${minor}.2`,
});
const gatewayClass = (controllerName: string) => ({
  metadata: {
    annotations: { last: '{"spec":{"controllerName":"example.com/earlier"}}' },
    managedFields: [{ fieldsV1: { "f:spec": { "f:controllerName": {} } } }],
  },
  spec: { controllerName },
});
const definition = (annotations: Readonly<Record<string, string>>) => ({
  kind: "PartialObjectMetadata",
  metadata: { name: "bells.example.com", annotations },
});

const released = (name: string) =>
  definition({
    "meta.helm.sh/release-name": name,
    "meta.helm.sh/release-namespace": "kube-system",
  });

/** A cluster that meets all requirements. */
const GOOD: Readonly<Record<string, Answer>> = {
  [VERSION]: [200, version("34")],
  [STORAGE]: [200, { metadata: { name: "fast" } }],
  [GATEWAY]: [404],
  [METRICS]: [200, { kind: "APIResourceList" }],
  [REGISTERED]: [404],
  [NODES]: [200, { kind: "NodeList", items: [{ metadata: { name: "n1" } }] }],
  [DEFINITION]: [404],
};

let answers: Record<string, Answer> = {};
let asked: string[] = [];
let server: Server;
let scratch = "";

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "preflight-"));
  writeFileSync(join(scratch, "token"), "the-token");
  server = createServer((request, response) => {
    const { url = "", headers } = request;
    const { accept = "" } = headers;
    asked.push(accept === "application/json" ? url : `${url} ${accept}`);
    const [status, body = { kind: "Status" }, indent] =
      headers.authorization === "Bearer the-token" ? (answers[url] ?? [418]) : ([401] as Answer);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body, null, indent));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  answers = { ...GOOD };
});
afterEach(() => {
  asked = [];
});

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  changes: Readonly<Record<string, string>> = {},
  [program = "", ...flags]: readonly string[] = SHELLS[0] ?? [],
): Promise<Ended> {
  const { port } = server.address() as AddressInfo;
  const env = {
    PATH: process.env["PATH"] ?? "",
    ...preflightEnvironment(args),
    API: `http://127.0.0.1:${String(port)}`,
    TOKEN_FILE: join(scratch, "token"),
    POD_IP: "10.52.3.4",
    KUBERNETES_SERVICE_HOST: "10.51.0.1",
    DEADLINE: "0",
    PAUSE: "0.1",
    ...changes,
  };
  return new Promise((resolve) => {
    execFile(program, [...flags, PREFLIGHT_SCRIPT], { env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("PREFLIGHT_SCRIPT", () => {
  it.each(SHELLS)("accepts a valid cluster: %s", async (...shell) => {
    expect(await run({}, shell)).toEqual({
      status: 0,
      stdout: "The cluster has what is needed\n",
      stderr: "",
    });
    expect(asked).toEqual([VERSION, STORAGE, GATEWAY, METRICS, NODES, `${DEFINITION} ${METADATA}`]);
  });

  it("checks only what was requested", async () => {
    const less = { NODE_SELECTOR: "", NODE_LABELS: "", METRICS: "no", HELM_OWNED: "" };
    expect((await run(less)).status).toBe(0);
    expect(asked).toEqual([VERSION, STORAGE, GATEWAY, `${REGISTERED} ${METADATA}`]);
  });

  it.each<[string, Readonly<Record<string, Answer>>]>([
    ["a minor version with a plus", { [VERSION]: [200, version("34+")] }],
    ["answers over many lines", { [VERSION]: [200, version("33"), 2] }],
    ["its own gateway class", { [GATEWAY]: [200, gatewayClass(GATEWAY_CLASS.controller)] }],
    [
      "its own definitions",
      { [DEFINITION]: [200, definition({ "meta.helm.sh/release-namespace": "bells" })] },
    ],
  ])("accepts %s", async (_what, changes) => {
    answers = { ...answers, ...changes };
    expect(await run()).toMatchObject({ status: 0, stderr: "" });
  });

  const KUBERNETES =
    "must be one of 1.33 1.34, which all charts support: upgrade the cluster, or take one of these versions";
  it.each<[string, Readonly<Record<string, Answer>>, string]>([
    [
      "an older version",
      { [VERSION]: [200, version("30")] },
      `Kubernetes is 1.30, but ${KUBERNETES}`,
    ],
    [
      "no storage class",
      { [STORAGE]: [404] },
      "There is no storage class fast: name one that 'kubectl get storageclass' lists",
    ],
    [
      "a storage class it may not read",
      { [STORAGE]: [403] },
      "Storage class fast could not be read: the API server answered with status 403",
    ],
    [
      "somebody else's gateway class",
      { [GATEWAY]: [200, gatewayClass("example.com/ferry")] },
      `Gateway class runstack is there already, of example.com/ferry instead of ${GATEWAY_CLASS.controller}: remove it, or give it another name`,
    ],
    [
      "a gateway class it may not read",
      { [GATEWAY]: [500] },
      "Gateway class runstack could not be read: the API server answered with status 500",
    ],
    [
      "no metrics",
      { [METRICS]: [404] },
      "Nobody answers metrics.k8s.io: set runstack:metricsServer to create, so that metrics-server is installed",
    ],
    [
      "broken metrics",
      { [METRICS]: [503] },
      "metrics.k8s.io answers with status 503: repair metrics-server, without which no autoscaler works",
    ],
    [
      "no node for workloads",
      { [NODES]: [200, { items: [] }] },
      "No node has the labels example.com/pool=riders,disk=ssd, by which workloads choose theirs: set them with 'kubectl label node'",
    ],
    [
      "nodes it may not read",
      { [NODES]: [403] },
      "The list of nodes could not be read: the API server answered with status 403",
    ],
    [
      "an operator of another release",
      { [DEFINITION]: [200, definition({ "meta.helm.sh/release-namespace": "tower" })] },
      "bells.example.com is there already, of the Helm release in namespace tower: remove what brought it, which would be installed a second time in bells",
    ],
    [
      "an operator of no release",
      { [DEFINITION]: [200, definition({})] },
      "bells.example.com is there already, of no Helm release: remove what brought it, which would be installed a second time in bells",
    ],
    [
      "definitions it may not read",
      { [DEFINITION]: [403] },
      "Definition bells.example.com could not be read: the API server answered with status 403",
    ],
  ])("reports what to do about %s", async (_what, changes, line) => {
    answers = { ...answers, ...changes };
    expect(await run()).toEqual({ status: 1, stdout: "", stderr: `${line}\n` });
  });

  it.each<[string, Answer, string]>([
    ["none", [404], ""],
    ["ours", [200, released("metrics-server")], ""],
    [
      "a distribution's own release",
      [200, released("rke2-metrics-server")],
      "metrics.k8s.io is answered already: set runstack:metricsServer to adopt, so that no second one is installed\n",
    ],
    [
      "the cloud's",
      [200, definition({})],
      "metrics.k8s.io is answered already: set runstack:metricsServer to adopt, so that no second one is installed\n",
    ],
    [
      "one it may not read",
      [403],
      "The registration of metrics.k8s.io could not be read: the API server answered with status 403\n",
    ],
  ])(
    "tells %s from other metrics servers, if none was described",
    async (_what, answer, stderr) => {
      answers[REGISTERED] = answer;
      expect(await run({ METRICS: "no" })).toMatchObject({ status: stderr === "" ? 0 : 1, stderr });
    },
  );

  it.each<[Readonly<Record<string, string>>, string]>([
    [
      { POD_IP: "10.53.0.1" },
      "A pod has the address 10.53.0.1, which is not in 10.52.0.0/16: name the network that pods have their addresses from",
    ],
    [
      { POD_IP: "fd00::1" },
      "A pod has the address fd00::1, which is not in 10.52.0.0/16: name the network that pods have their addresses from",
    ],
    [
      { KUBERNETES_SERVICE_HOST: "10.51.32.0" },
      "A Service has the address 10.51.32.0, which is not in 10.51.0.0/19: name the network that Services have their addresses from",
    ],
  ])("reports a wrong network: %j", async (changes, line) => {
    expect(await run(changes)).toEqual({ status: 1, stdout: "", stderr: `${line}\n` });
  });

  it.each(["10.51.0.0", "10.51.31.255"])("accepts %s in the Services' network", async (address) => {
    expect((await run({ KUBERNETES_SERVICE_HOST: address })).status).toBe(0);
  });

  it.each(SHELLS)("reports everything that is missing, one line each: %s", async (...shell) => {
    answers = { ...answers, [VERSION]: [200, version("29")], [STORAGE]: [404], [METRICS]: [404] };
    const { status, stderr } = await run({ POD_IP: "192.0.2.1" }, shell);
    expect(status).toBe(1);
    expect(stderr.split("\n").map((line) => line.split(" ").slice(0, 4).join(" "))).toEqual([
      "Kubernetes is 1.29, but",
      "There is no storage",
      "Nobody answers metrics.k8s.io: set",
      "A pod has the",
      "",
    ]);
  });

  it("fails immediately without permission", async () => {
    writeFileSync(join(scratch, "other"), "another-token");
    expect(await run({ TOKEN_FILE: join(scratch, "other") })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "The version of Kubernetes could not be read: the API server answered with status 401\n",
    });
    expect(asked).toEqual([VERSION]);
  });

  it("waits until its network policy takes effect", async () => {
    answers[VERSION] = [503];
    setTimeout(() => {
      answers[VERSION] = [200, version("34")];
    }, 500);
    expect((await run({ DEADLINE: "30" })).status).toBe(0);
    expect(asked.filter((url) => url === VERSION).length).toBeGreaterThan(1);
  });

  it("distinguishes a blocked connection from a name that is not found", async () => {
    const closed = await run({ API: "http://127.0.0.1:1" });
    expect(closed.status).toBe(1);
    expect(closed.stderr).toMatch(
      /^The API server does not answer at http:\/\/127\.0\.0\.1:1, to which network policies let pods out on TCP 443 and 6443: curl: \(7\) .*\n$/,
    );
    expect(await run({ API: "http://kubernetes.invalid" })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "http://kubernetes.invalid is not found: DNS must be answered by pods of kube-system with the label k8s-app=kube-dns, where network policies let pods ask\n",
    });
  });

  it("has no variables that Kubernetes would expand", () => {
    expect(PREFLIGHT_SCRIPT).not.toContain("$$");
  });
});
