/** The script that compares a cluster with its Helm releases, with fake commands. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SCRIPT = join(__dirname, "../.github/scripts/helm-drift.mjs");

describe("what Helm releases hide", () => {
  interface Drift {
    readonly driftOf: (
      release: object,
      commands: {
        readonly helm: () => string;
        readonly kubectl: (c: string, a: string[], input: string) => string;
      },
    ) => readonly string[];
  }
  const INSTALLED = `---
# Source: a/templates/a.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: "web:1"
          env: [{ name: A, value: "1" }]
          resources: { limits: { cpu: 1000m, memory: 1024Mi } }
---
apiVersion: v1
kind: Secret
metadata: { name: key }
stringData: { token: hunter2 }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: all }
aggregationRule: {}
rules: []
---
`;
  const container = {
    name: "web",
    image: "web:1",
    imagePullPolicy: "IfNotPresent",
    env: [{ name: "A", value: "1" }],
    resources: { limits: { cpu: "1", memory: "1Gi" } },
  };
  const live = (change: object = {}, more: object = {}) => ({
    Deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop", labels: { app: "web" }, uid: "u" },
      spec: { replicas: 2, template: { spec: { containers: [{ ...container, ...change }] } } },
      status: { replicas: 2 },
    },
    Secret: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "key" },
      data: { token: Buffer.from("hunter2").toString("base64") },
    },
    ClusterRole: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "all" },
      aggregationRule: {},
      rules: [{ verbs: ["get"] }],
    },
    ...more,
  });

  async function drift(
    cluster: Readonly<Record<string, object | undefined>>,
  ): Promise<readonly string[]> {
    const { driftOf } = (await import(SCRIPT)) as Drift;
    return driftOf(
      { name: "a", namespace: "shop" },
      {
        helm: () => INSTALLED,
        kubectl: (_, __, input) => {
          const found = cluster[(JSON.parse(input) as { kind: string }).kind];
          return found === undefined ? "" : JSON.stringify({ kind: "List", items: [found] });
        },
      },
    );
  }

  it("is nothing while objects are as installed, in the server's own words", async () => {
    expect(await drift(live())).toEqual([]);
  });

  it("is a field that the chart leaves out and somebody has set by hand", async () => {
    const fields = { "f:spec": { "f:template": { "f:spec": { "f:hostNetwork": {} } } } };
    const managedFields = [
      { manager: "kubectl-edit", fieldsV1: fields },
      { manager: "kube-controller-manager", fieldsV1: { "f:status": {} } },
    ];
    const { Deployment } = live();
    const metadata = { ...Deployment.metadata, managedFields };
    expect(await drift(live({}, { Deployment: { ...Deployment, metadata } }))).toEqual([
      "Deployment shop/web: spec.template.spec.hostNetwork was set by kubectl-edit",
    ]);
  });

  it("does not stop at an object that cannot be read", async () => {
    const cluster = Object.defineProperty(live(), "Secret", {
      get: () => {
        throw new Error("Command failed\nforbidden");
      },
    });
    expect(await drift(cluster)).toEqual(["Secret key could not be compared: forbidden"]);
  });

  it("is an edited, added or removed value, and a deleted object; never the value of a Secret", async () => {
    const env = [{ name: "A", value: "2" }, { name: "B" }];
    const cluster = live(
      { image: "web:2", env, resources: {} },
      {
        Secret: {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "key" },
          data: { token: "b3RoZXI=", more: "" },
        },
        ClusterRole: undefined,
      },
    );
    const at = "Deployment shop/web: spec.template.spec.containers[web]";
    expect(await drift(cluster)).toEqual([
      `${at}.image`,
      `${at}.env[A].value`,
      `${at}.env[B] was added`,
      `${at}.resources.limits`,
      "Secret key: data.token",
      "Secret key: data.more was added",
      "ClusterRole all is gone",
    ]);
  });
});
