/** Sends objects to a real API server as strict dry runs. */
import { setTimeout as pause } from "node:timers/promises";
import {
  wordsOf,
  type ApiClient,
  type ApiResource,
  type Json,
} from "../../rehearsal/control-plane/client";

export type { Json } from "../../rehearsal/control-plane/client";

/** Of one object; `unserved` if the server does not know its kind. */
export type Verdict =
  | { readonly says: "accepted" | "unserved" }
  /** `message` in the server's words. */
  | { readonly says: "refused"; readonly message: string };

export class Client {
  private readonly resources = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(private readonly api: ApiClient) {}

  version(): Promise<string> {
    return this.api.version();
  }

  /** Whether the server accepts the object, without storing it. */
  async dryRun(object: Json): Promise<Verdict> {
    const path = await this.collection(object);
    if (path === undefined) return { says: "unserved" };
    const { status, body } = await this.api.send(
      "POST",
      `${path}?dryRun=All&fieldValidation=Strict`,
      object,
    );
    // Validation comes before the name is looked up.
    if (status < 300 || status === 409) return { says: "accepted" };
    return { says: "refused", message: wordsOf(body) };
  }

  /** Stores a CustomResourceDefinition, and waits until its kinds are served. */
  async define(definition: Json): Promise<void> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const { status, body } = await this.api.send("POST", path, definition);
    if (status >= 300) {
      throw new Error(`The API server refuses a definition: ${JSON.stringify(body).slice(0, 500)}`);
    }
    const { name } = definition["metadata"] as Json;
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await this.api.send("GET", `${path}/${String(name)}`);
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
      this.api
        .send("GET", root)
        .then(({ status, body }) =>
          status === 200 ? (body as { readonly resources: readonly ApiResource[] }).resources : [],
        );
    this.resources.set(root, known);
    return known;
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
