/** For tests: creates components against a mocked engine, which rejects unknown types. */
import * as pulumi from "@pulumi/pulumi";
import { ComponentError } from "./component";

/** A resource that a component registered with the engine. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /**
   * A secret is `{ $secret: value }` (the mocked engine marks the whole property, the real one does
   * not); a value that only a cloud knows is {@link UNKNOWN}.
   */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Name of the parent, if it has one. */
  readonly parent: string | undefined;
  /** Name of the explicit provider, if it has one. */
  readonly provider: string | undefined;
  /** Names of its explicit dependencies, sorted. */
  readonly dependsOn: readonly string[];
  readonly options: pulumi.CustomResourceOptions;
}

export const UNKNOWN = "$unknown";

/** Computed properties, by type. A type that is neither here nor in `PLAIN` must not be created. */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "digitalocean:index/databaseCluster:DatabaseCluster": {
    privateHost: "private.db.example.com",
    privateUri: pulumi.secret("private.db.example.com:25073"),
    port: 25061,
    user: "doadmin",
    password: pulumi.secret("cluster-password"),
  },
  "digitalocean:index/databaseUser:DatabaseUser": { password: pulumi.secret("user-password") },
  "digitalocean:index/kubernetesCluster:KubernetesCluster": {
    endpoint: "https://cluster.example.com",
    kubeConfigs: pulumi.secret([{ clusterCaCertificate: "QUJD", token: "a-token-that-expires" }]),
  },
  "random:index/randomPassword:RandomPassword": { result: pulumi.secret("generated-password") },
};

const PLAIN: ReadonlySet<string> = new Set([
  "digitalocean:index/databaseFirewall:DatabaseFirewall",
  "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
  "digitalocean:index/domain:Domain",
  "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/spacesKey:SpacesKey",
  "digitalocean:index/vpc:Vpc",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:batch/v1:Job",
  "kubernetes:cert-manager.io/v1:Certificate",
  "kubernetes:cert-manager.io/v1:ClusterIssuer",
  "kubernetes:cert-manager.io/v1:Issuer",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:LimitRange",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:ResourceQuota",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:Service",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:dapr.io/v1alpha1:Component",
  "kubernetes:dapr.io/v1alpha1:Configuration",
  "kubernetes:dapr.io/v1alpha1:Resiliency",
  "kubernetes:dapr.io/v2alpha1:Subscription",
  "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy",
  "kubernetes:gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy",
  "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
  "kubernetes:gateway.networking.k8s.io/v1:Gateway",
  "kubernetes:gateway.networking.k8s.io/v1:GatewayClass",
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:keda.sh/v1alpha1:ScaledObject",
  "kubernetes:keda.sh/v1alpha1:TriggerAuthentication",
  "kubernetes:monitoring.coreos.com/v1:PodMonitor",
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
  "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:policy/v1:PodDisruptionBudget",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  "pulumi:providers:digitalocean",
  "pulumi:providers:kubernetes",
]);

/** Allowed data sources and their results. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "digitalocean:index/getDatabaseCa:getDatabaseCa": { certificate: "CERTIFICATE" },
  "digitalocean:index/getKubernetesVersions:getKubernetesVersions": {
    latestVersion: "1.35.7-do.2",
  },
};

export interface Engine {
  /** Whether it is a preview. @default false */
  readonly preview?: boolean;
  /** Computed properties of further types, by type: `{}` for a type without any. */
  readonly cloud?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Runs `create` and returns, when everything is registered, the resources and the result. `options`
 * must be passed on: they record the resources.
 */
export async function register<T>(
  create: (options: pulumi.ComponentResourceOptions) => T,
  { preview = false, cloud = {} }: Engine = {},
): Promise<{ readonly result: T; readonly resources: readonly Registered[] }> {
  const asked = new Map<string, pulumi.runtime.MockResourceArgs>();
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks(
    { call: answer, newResource: record(asked, preview, cloud) },
    "runstack",
    "test",
    preview,
  );
  let result: T;
  try {
    result = create({
      transformations: [
        ({ type, name, opts }) => {
          options.set(`${type} ${name}`, opts);
          return undefined;
        },
      ],
    });
  } finally {
    // Also after a refusal: what was already started must not continue in the next test's engine.
    await pulumi.runtime.disconnect();
  }
  const resources = [...asked].map(([id, given]) => registered(given, options.get(id) ?? {}));
  return { result, resources: resources.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function answer({ token }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
  const found = ANSWERS[token];
  if (found === undefined) throw new Error(`${token} must not be asked here`);
  return found;
}

/**
 * Two resources of the same type and name are a duplicate for the engine, which rejects the second.
 */
function record(
  asked: Map<string, pulumi.runtime.MockResourceArgs>,
  preview: boolean,
  cloud: NonNullable<Engine["cloud"]>,
) {
  return (resource: pulumi.runtime.MockResourceArgs) => {
    const { type, name } = resource;
    const given = resource.inputs as Record<string, unknown>;
    if (type.startsWith("runstack:")) return { id: undefined, state: {} };
    const computed = cloud[type] ?? COMPUTED[type] ?? (PLAIN.has(type) ? {} : undefined);
    if (computed === undefined) throw new Error(`${type} must not be created here`);
    const id = `${type} ${name}`;
    if (asked.has(id)) throw new Error(`${id} was created twice`);
    asked.set(id, resource);
    // What only a cloud knows stays unknown, as in the engine's first preview.
    return preview
      ? { id: undefined, state: given }
      : { id: `${name}-id`, state: { ...given, ...computed } };
  };
}

function registered(
  { type, name, inputs, provider }: pulumi.runtime.MockResourceArgs,
  options: pulumi.CustomResourceOptions,
): Registered {
  const after = options.dependsOn ?? [];
  return {
    type,
    name,
    inputs: readable(inputs) as Record<string, unknown>,
    parent: options.parent === undefined ? undefined : nameOf(options.parent),
    provider: /::([^:]+)::[^:]*$/.exec(provider ?? "")?.[1],
    dependsOn: (Array.isArray(after) ? after : [after]).map(nameOf).sort(),
    options,
  };
}

/** The SDK stores the name, but not in its types. */
export const nameOf = (resource: unknown): string =>
  (resource as { readonly __name?: string }).__name ?? "an output";

/** How a secret and an unknown are serialised for the engine. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function readable(value: unknown): unknown {
  if (value === SENTINEL) return UNKNOWN;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object["__pulumiUnknown"] === true) return UNKNOWN;
  if (object[SIGNATURE] === SECRET) return { $secret: readable(object["value"]) };
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => key !== "__pulumiType")
      .map(([key, inner]) => [key, readable(inner)]),
  );
}

/** The one resource with this name. */
export function named(resources: readonly Registered[], name: string): Registered {
  const found = resources.filter((resource) => resource.name === name);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new Error(`${name}: ${String(found.length)} of ${resources.map((r) => r.name).join(", ")}`);
}

/** The inputs of the one resource with this name. */
export const inputsOf = (resources: readonly Registered[], name: string): Registered["inputs"] =>
  named(resources, name).inputs;

/** All resources whose type ends like this, for counts and absences. */
export const ofKind = (resources: readonly Registered[], kind: string): readonly Registered[] =>
  resources.filter(({ type }) => type.endsWith(`:${kind}`));

interface Inside {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<unknown>;
}

/** The value of an output when it is settled, or {@link UNKNOWN}. */
export async function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
  const inside = output as unknown as Inside;
  return (await inside.isKnown) ? readable(await inside.promise()) : UNKNOWN;
}

/** The message of a component's refusal; empty if it accepts its arguments. */
export function refusal(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof ComponentError) return error.message;
    throw error;
  }
  return "";
}

/** Whether an output is kept secret. */
export const isSecret = (output: pulumi.Output<unknown>): Promise<boolean> =>
  (output as unknown as Inside).isSecret;
