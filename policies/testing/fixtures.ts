/** For tests: objects that pass every policy, and one way to break them. */
import type { Fixture } from "./index";
import type { Key } from "../values";

type Json = Record<string, unknown>;

/**
 * A copy with one value replaced, or removed if `value` is undefined. Throws if the path does not
 * exist, so that no test breaks nothing.
 */
export function broken(fixture: Fixture, path: readonly Key[], value?: unknown): Fixture {
  const props = structuredClone(fixture.props) as Json;
  let node: unknown = props;
  for (const key of path.slice(0, -1)) node = (node as Json)[key];
  const last = path.at(-1);
  if (typeof node !== "object" || node === null || last === undefined) {
    throw new Error(`The fixture has nothing at ${path.join(".")}.`);
  }
  if (value === undefined) Reflect.deleteProperty(node, last);
  else Reflect.set(node, last, value);
  return { ...fixture, props };
}

export const LABELS = { "app.kubernetes.io/name": "orders" };

/** Created by each call, so that no test sees another's changes. */
export const container = (name: string): Json => ({
  name,
  image: `registry.example.com/orders/${name}:1.7.3`,
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  resources: { requests: { cpu: "130m", memory: "170Mi" }, limits: { memory: "290Mi" } },
  readinessProbe: { httpGet: { path: "/ready", port: 8110 }, periodSeconds: 7 },
  livenessProbe: { httpGet: { path: "/live", port: 8110 }, periodSeconds: 11 },
});

export const podTemplate = (): Json => ({
  metadata: { labels: { ...LABELS } },
  spec: {
    serviceAccountName: "orders",
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10731,
      runAsGroup: 10742,
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: [container("migrate")],
    containers: [container("api")],
    volumes: [{ name: "tmp", emptyDir: {} }, { name: "nothing" }],
  },
});

export const deployment = (): Fixture => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "orders",
  props: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders", namespace: "shop", labels: { ...LABELS } },
    spec: { replicas: 3, selector: { matchLabels: { ...LABELS } }, template: podTemplate() },
  },
});
