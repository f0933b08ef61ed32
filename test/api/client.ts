/** Sends objects to a real API server as strict dry runs. */
import { Agent, request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";

/** Of one object; `unserved` if the server does not know its kind. */
export type Verdict =
  | { readonly says: "accepted" | "unserved" }
  /** `message` in the server's words. */
  | { readonly says: "refused"; readonly message: string };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export type Json = Readonly<Record<string, unknown>>;

export class Client {
  // The certificate is the server's own, made when it started.
  private readonly agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    rejectUnauthorized: false,
  });
  private readonly resources = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  async isReady(): Promise<boolean> {
    try {
      return (await this.send("GET", "/readyz")).status === 200;
    } catch {
      return false;
    }
  }

  async version(): Promise<string> {
    return String(((await this.send("GET", "/version")) as { body: Json }).body["gitVersion"]);
  }

  /** Whether the server accepts the object, without storing it. */
  async dryRun(object: Json): Promise<Verdict> {
    const path = await this.collection(object);
    if (path === undefined) return { says: "unserved" };
    const { status, body } = await this.send(
      "POST",
      `${path}?dryRun=All&fieldValidation=Strict`,
      object,
    );
    // Validation comes before the name is looked up.
    if (status < 300 || status === 409) return { says: "accepted" };
    const { message } = body as { readonly message?: string };
    return { says: "refused", message: message ?? JSON.stringify(body) };
  }

  /** Stores a CustomResourceDefinition, and waits until its kinds are served. */
  async define(definition: Json): Promise<void> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const { status, body } = await this.send("POST", path, definition);
    if (status >= 300) {
      throw new Error(`The API server refuses a definition: ${JSON.stringify(body).slice(0, 500)}`);
    }
    const { name } = definition["metadata"] as Json;
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await this.send("GET", `${path}/${String(name)}`);
      if (isEstablished(answer.body)) break;
      await pause(50);
    }
    this.resources.clear();
  }

  /** The path of all objects of the kind in the object's namespace. */
  private async collection({ apiVersion, kind, metadata }: Json): Promise<string | undefined> {
    const version = String(apiVersion);
    const root = version.includes("/") ? `/apis/${version}` : `/api/${version}`;
    const found = (await this.list(root)).find(
      ({ kind: its, name, verbs }) =>
        its === kind && !name.includes("/") && verbs.includes("create"),
    );
    if (found === undefined) return undefined;
    const { namespace } = (metadata ?? {}) as Json;
    const place = typeof namespace === "string" && namespace !== "" ? namespace : "default";
    return found.namespaced
      ? `${root}/namespaces/${encodeURIComponent(place)}/${found.name}`
      : `${root}/${found.name}`;
  }

  private list(root: string): Promise<readonly ApiResource[]> {
    const known =
      this.resources.get(root) ??
      this.send("GET", root).then(({ status, body }) =>
        status === 200 ? (body as { readonly resources: readonly ApiResource[] }).resources : [],
      );
    this.resources.set(root, known);
    return known;
  }

  private send(method: string, path: string, object?: Json): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ host: "127.0.0.1", port: this.port, agent: this.agent, method, path },
          headers: {
            authorization: `Bearer ${this.token}`,
            "content-type": "application/json",
            accept: "application/json",
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(parts).toString("utf8");
            resolve({ status: response.statusCode ?? 0, body: parsed(text) });
          });
        },
      );
      sent.on("error", reject);
      sent.end(object === undefined ? undefined : JSON.stringify(object));
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

function isEstablished(definition: unknown): boolean {
  const { status } = definition as {
    readonly status?: { readonly conditions?: readonly Json[] };
  };
  return (status?.conditions ?? []).some(
    ({ type, status: its }) => type === "Established" && its === "True",
  );
}
