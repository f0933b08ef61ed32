/** Requests to a Kubernetes API server, in JSON. */
import { Agent, request, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import type { Access } from "../contract";

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A kind, as the server lists it. */
export interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Of which kind a patch is, and who owns what it writes. */
export interface Patch {
  readonly type: "merge" | "apply";
  readonly manager: string;
}

const CONTENT_TYPES = {
  merge: "application/merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

export class ApiClient {
  private readonly agent: Agent;
  private readonly server: URL;

  constructor(private readonly access: Access) {
    this.server = new URL(access.server);
    this.agent = new Agent({ keepAlive: true, maxSockets: 16, ca: access.authority });
  }

  /** @throws Error if the server cannot be reached; what it refuses is in the answer */
  async send(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    object?: object,
  ): Promise<Answer> {
    return answerOf(await this.open({ method, path }, object));
  }

  async patch(path: string, object: object, { type, manager }: Patch): Promise<Answer> {
    const query = `fieldManager=${encodeURIComponent(manager)}${type === "apply" ? "&force=true" : ""}`;
    const options = { method: "PATCH", path: `${path}${path.includes("?") ? "&" : "?"}${query}` };
    return answerOf(await this.open(options, object, CONTENT_TYPES[type]));
  }

  /** Whether the server answers that it is ready. */
  async isReady(): Promise<boolean> {
    try {
      return (await this.send("GET", "/readyz")).status === 200;
    } catch {
      return false;
    }
  }

  /** Of the server, such as `v1.37.2`. */
  async version(): Promise<string> {
    return String((await this.must("GET", "/version"))["gitVersion"]);
  }

  /** @throws Error with the server's words if it refuses */
  async must(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    object?: object,
  ): Promise<Json> {
    const { status, body } = await this.send(method, path, object);
    if (status < 300) return body as Json;
    throw new Error(`The API server refuses ${method} ${path}: ${wordsOf(body)}`);
  }

  /** Of one object, whose kind is looked up; undefined if the server does not serve it. */
  async pathOf(object: object): Promise<string | undefined> {
    const { apiVersion, kind, metadata } = object as {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name: string; readonly namespace?: string };
    };
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { status, body } = await this.send("GET", root);
    if (status !== 200) return undefined;
    const { resources } = body as { readonly resources: readonly ApiResource[] };
    const found = resources.find((one) => one.kind === kind && !one.name.includes("/"));
    if (found === undefined) return undefined;
    const place = found.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${root}${place}/${found.name}/${metadata.name}`;
  }

  close(): void {
    this.agent.destroy();
  }

  private open(
    options: RequestOptions,
    object?: object,
    contentType = "application/json",
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...options,
          ...{ host: this.server.hostname, port: this.server.port, agent: this.agent },
          headers: {
            authorization: `Bearer ${this.access.token}`,
            "content-type": contentType,
            accept: "application/json",
          },
        },
        resolve,
      );
      sent.on("error", reject);
      sent.end(object === undefined ? undefined : JSON.stringify(object));
    });
  }
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return { status: response.statusCode ?? 0, body: parsed(Buffer.concat(parts).toString("utf8")) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

/** What the server says of a request that it refuses. */
export const wordsOf = (body: unknown): string =>
  (body as { readonly message?: string }).message ?? JSON.stringify(body);
