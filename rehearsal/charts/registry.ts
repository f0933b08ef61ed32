/**
 * A registry of charts on loopback that can only be read, so that the Kubernetes provider's own Helm code pulls them.
 * See https://github.com/opencontainers/distribution-spec and https://helm.sh/docs/topics/registries/.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { create } from "tar";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ChartName } from "./stand-in";

export interface Package extends ChartName {
  /** The gzipped archive, as `helm package` makes it. */
  readonly archive: Buffer;
}

export interface Registry {
  /** What `runstack:chartMirror` is set to. */
  readonly mirror: string;
  add(one: Package): void;
  close(): Promise<void>;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.cncf.helm.config.v1+json";
const CONTENT = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const FOLDER = "charts";

/** Something that has a digest. */
interface Blob {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Serves on a free port of the loopback interface. */
export async function serveCharts(): Promise<Registry> {
  const content: Content = { manifests: new Map(), blobs: new Map() };
  const server = createServer((request, response) => {
    answer(request, response, content);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    mirror: `oci://127.0.0.1:${port}/${FOLDER}`,
    add: (one) => {
      add(content, one);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

interface Content {
  /** By repository and tag or digest. */
  readonly manifests: Map<string, Blob>;
  /** By digest. */
  readonly blobs: Map<string, Blob>;
}

function add({ manifests, blobs }: Content, one: Package): void {
  const repository = `${FOLDER}/${one.chart}`;
  const config = blob(CONFIG, JSON.stringify({ name: one.chart, version: one.version }));
  const archive: Blob = { type: CONTENT, bytes: one.archive };
  const manifest = blob(MANIFEST, manifestOf(config, archive));
  // A tag cannot have a plus sign.
  manifests.set(`${repository}:${one.version.replaceAll("+", "_")}`, manifest);
  manifests.set(`${repository}:${digestOf(manifest)}`, manifest);
  for (const each of [config, archive]) blobs.set(digestOf(each), each);
}

function answer(
  { url = "", method }: IncomingMessage,
  response: ServerResponse,
  { manifests, blobs }: Content,
): void {
  const [, repository = "", what = "", reference = ""] =
    /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/?]+)/u.exec(url) ?? [];
  const found =
    what === "blobs" ? blobs.get(reference) : manifests.get(`${repository}:${reference}`);
  if (url === "/v2/") send(response, "{}", "application/json");
  else if (what === "tags") {
    const tags = [...manifests.keys()]
      .filter((key) => key.startsWith(`${repository}:`) && !key.includes("sha256:"))
      .map((key) => key.slice(repository.length + 1));
    send(response, JSON.stringify({ name: repository, tags }), "application/json");
  } else if (found === undefined) response.writeHead(404).end();
  else {
    response.setHeader("Docker-Content-Digest", digestOf(found));
    send(response, method === "HEAD" ? "" : found.bytes, found.type, found.bytes.length);
  }
}

function send(
  response: ServerResponse,
  body: string | Buffer,
  type: string,
  length = Buffer.byteLength(body),
): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": length }).end(body);
}

const blob = (type: string, text: string): Blob => ({ type, bytes: Buffer.from(text) });

const digestOf = ({ bytes }: Blob): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

const descriptor = (one: Blob): object => ({
  mediaType: one.type,
  digest: digestOf(one),
  size: one.bytes.length,
});

const manifestOf = (config: Blob, content: Blob): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: [descriptor(content)],
  });

/** @param files of the chart, by path */
export function packageOf(name: ChartName, files: ReadonlyMap<string, string>): Package {
  const folder = mkdtempSync(join(tmpdir(), "runstack-chart-"));
  try {
    for (const [path, text] of files) {
      const file = join(folder, name.chart, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const archive = join(folder, "chart.tgz");
    create({ cwd: folder, file: archive, gzip: true, sync: true, portable: true }, [name.chart]);
    return { ...name, archive: readFileSync(archive) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
