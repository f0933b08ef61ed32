/**
 * External Secrets as it writes Secrets, with its owners of fields and its kinds of requests (external-secrets v2.9.0,
 * `pkg/controllers/externalsecret/externalsecret_controller.go`). Every secret that is asked for exists, because what a
 * cloud's manager holds is not known here: its value says which one it is.
 */
import { createHash } from "node:crypto";
import { secondsOf } from "../../lib/durations";
import type { ApiClient, Json } from "./client";
import { isTrue, listAll, setFinalizers, type CustomObject, type Operator } from "./operators";

const API = "/apis/external-secrets.io/v1";
/** The name of the program, which is the owner where it names none. */
const MANAGER = "external-secrets";
const FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";

interface Spec {
  readonly refreshInterval?: string;
  readonly secretStoreRef: { readonly name: string };
  readonly target?: {
    readonly name?: string;
    readonly creationPolicy?: string;
    readonly template?: {
      readonly type?: string;
      readonly metadata?: { readonly labels?: object; readonly annotations?: object };
    };
  };
  readonly data?: readonly {
    readonly secretKey: string;
    readonly remoteRef: { readonly key: string; readonly version?: string };
  }[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

interface Status {
  readonly conditions?: readonly Condition[];
  readonly refreshTime?: string;
  readonly syncedResourceVersion?: string;
}

type ExternalSecret = CustomObject<Spec, Status>;
type SecretStore = CustomObject<object, { readonly conditions?: readonly Condition[] }>;

export const externalSecrets = (client: ApiClient, now = (): Date => new Date()): Operator => ({
  reconcile: async () => {
    const all = await listAll<ExternalSecret>(client, `${API}/externalsecrets`);
    if (all.length === 0) return;
    const stores = await listAll<SecretStore>(client, `${API}/secretstores`);
    const ready = new Set(
      stores
        .filter(({ status }) => isTrue("Ready", status?.conditions))
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    for (const one of all) {
      const { metadata, spec } = one;
      if (await finalize(client, one)) continue;
      if (!ready.has(`${metadata.namespace}/${spec.secretStoreRef.name}`)) continue;
      if (isDue(one, now())) await refresh(client, one, now());
    }
  },
});

/** @returns whether nothing else is to be done now */
async function finalize(client: ApiClient, { metadata }: ExternalSecret): Promise<boolean> {
  const { finalizers = [], deletionTimestamp } = metadata;
  const isDeleted = deletionTimestamp !== undefined;
  if (finalizers.includes(FINALIZER) !== isDeleted) return isDeleted;
  const others = finalizers.filter((one) => one !== FINALIZER);
  await setFinalizers(client, pathOf({ metadata }), metadata, {
    finalizers: isDeleted ? others : [...others, FINALIZER],
    manager: MANAGER,
  });
  return true;
}

const pathOf = ({ metadata }: Pick<ExternalSecret, "metadata">): string =>
  `${API}/namespaces/${metadata.namespace}/externalsecrets/${metadata.name}`;

/** After a change of specification, labels or annotations, and each time that the interval has passed. */
export function isDue({ metadata, spec, status }: ExternalSecret, now: Date): boolean {
  if (status?.syncedResourceVersion !== versionOf(metadata)) return true;
  const interval = (secondsOf(spec.refreshInterval ?? "1h") ?? 0) * 1000;
  if (interval === 0) return false;
  return Date.parse(status.refreshTime ?? "") + interval < now.getTime();
}

/** What a status says that was written for this specification, these labels and annotations. */
export const versionOf = ({
  generation,
  labels,
  annotations,
}: ExternalSecret["metadata"]): string => `${generation}-${hashOf({ labels, annotations })}`;

const hashOf = (value: object): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 56);

async function refresh(client: ApiClient, secret: ExternalSecret, now: Date): Promise<void> {
  const { metadata, spec, status } = secret;
  await write(client, secret);
  const was = status?.conditions?.find(({ type }) => type === "Ready");
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const next = {
    ...secret,
    status: {
      ...status,
      binding: { name: spec.target?.name ?? metadata.name },
      refreshTime: at,
      syncedResourceVersion: versionOf(metadata),
      conditions: [
        {
          ...{ type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" },
          lastTransitionTime: was?.status === "True" ? (was.lastTransitionTime ?? at) : at,
        },
      ],
    },
  };
  // Refused if anybody else changed it meanwhile; then it is due again.
  await client.send("PUT", `${pathOf(secret)}/status?fieldManager=${MANAGER}`, next);
}

/** A create, or an update of the whole Secret; never server-side apply. */
async function write(client: ApiClient, secret: ExternalSecret): Promise<void> {
  const { namespace, name } = secret.metadata;
  const wanted = secretOf(secret);
  const query = `?fieldManager=${encodeURIComponent(`externalsecrets.external-secrets.io/${name}`)}`;
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const own = `${path}/${wanted.metadata.name}`;
  const { status, body } = await client.send("GET", own);
  if (status === 404) {
    await client.must("POST", `${path}${query}`, wanted);
    return;
  }
  const existing = body as Json & {
    readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  };
  const hash = wanted.metadata.annotations[DATA_HASH];
  if (existing.metadata.annotations?.[DATA_HASH] === hash) return;
  const metadata = { ...existing.metadata, ...wanted.metadata };
  await client.must("PUT", `${own}${query}`, { ...existing, metadata, data: wanted.data });
}

const DATA_HASH = "reconcile.external-secrets.io/data-hash";

function secretOf({ apiVersion, kind, metadata, spec }: ExternalSecret) {
  const { uid, name, namespace } = metadata;
  const { target = {}, data = [] } = spec;
  const { template = {} } = target;
  const values = Object.fromEntries(
    data.map(({ secretKey, remoteRef }) => {
      const value = `the secret ${remoteRef.key}, version ${remoteRef.version ?? "newest"}`;
      return [secretKey, Buffer.from(value).toString("base64")];
    }),
  );
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return {
    ...{ apiVersion: "v1", kind: "Secret", type: template.type ?? "Opaque", data: values },
    metadata: {
      ...{ name: target.name ?? name, namespace },
      labels: {
        ...template.metadata?.labels,
        "reconcile.external-secrets.io/managed": "true",
        "reconcile.external-secrets.io/created-by": hashOf({ namespace, name }),
      },
      annotations: { ...template.metadata?.annotations, [DATA_HASH]: hashOf(values) },
      ...((target.creationPolicy ?? "Owner") === "Owner" ? { ownerReferences: [owner] } : {}),
    } as Readonly<Record<string, unknown>> & {
      readonly name: string;
      readonly annotations: Readonly<Record<string, string>>;
    },
  };
}
