import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../../testing";

const object = (type: string, props: object, namespace: string | null = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: type,
  props: { metadata: { name: "it", ...(namespace === null ? {} : { namespace }) }, ...props },
});
const namespace = (name: string): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name,
  props: { metadata: { name } },
});
const holder = (kind: "Secret" | "ConfigMap", name: string, place = "shop"): Fixture => ({
  type: `kubernetes:core/v1:${kind}`,
  name: `${place}-${name}`,
  props: { metadata: { name, namespace: place }, data: { k: "eA==" } },
});
const cases: readonly (readonly [string, object, string])[] = [
  [
    "monitoring.coreos.com/v1:PodMonitor",
    { podMetricsEndpoints: [{ authorization: { credentials: { name: "s", key: "k" } } }] },
    "spec.podMetricsEndpoints[0].authorization.credentials.name",
  ],
  [
    "monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
    { receivers: [{ slackConfigs: [{ apiURL: { name: "s", key: "k" } }] }] },
    "spec.receivers[0].slackConfigs[0].apiURL.name",
  ],
  ["cert-manager.io/v1:Issuer", { ca: { secretName: "s" } }, "spec.ca.secretName"],
  [
    "cert-manager.io/v1:Issuer",
    {
      acme: { disableAccountKeyGeneration: true, privateKeySecretRef: { name: "s" } },
    },
    "spec.acme.privateKeySecretRef.name",
  ],
  [
    "keda.sh/v1alpha1:TriggerAuthentication",
    { secretTargetRef: [{ parameter: "p", name: "s", key: "k" }] },
    "spec.secretTargetRef[0].name",
  ],
  [
    "external-secrets.io/v1:SecretStore",
    { provider: { vault: { auth: { tokenSecretRef: { name: "s", key: "k" } } } } },
    "spec.provider.vault.auth.tokenSecretRef.name",
  ],
  [
    "kafka.strimzi.io/v1:Kafka",
    { kafka: { listeners: [{ configuration: { brokerCertChainAndKey: { secretName: "s" } } }] } },
    "spec.kafka.listeners[0].configuration.brokerCertChainAndKey.secretName",
  ],
  [
    "postgresql.cnpg.io/v1:Cluster",
    { bootstrap: { recovery: { secret: { name: "s" } } } },
    "spec.bootstrap.recovery.secret.name",
  ],
  [
    "postgresql.cnpg.io/v1:Cluster",
    { externalClusters: [{ password: { name: "s", key: "k" } }] },
    "spec.externalClusters[0].password.name",
  ],
  [
    "velero.io/v1:BackupStorageLocation",
    { credential: { name: "s", key: "k" } },
    "spec.credential.name",
  ],
  [
    "dapr.io/v1alpha1:Component",
    { metadata: [{ name: "p", secretKeyRef: { name: "s", key: "k" } }] },
    "spec.metadata[0].secretKeyRef.name",
  ],
];

describe("secret-reference", () => {
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("secret-reference", [namespace("shop"), ...resources]);

  it.each(cases)("wants the Secret of %s %j", async (type, spec, path) => {
    const from = object(type, { spec });
    expect(await said(from, holder("Secret", "s"))).toEqual([]);
    expect(await said(from, holder("Secret", "s", "stock"))).toEqual([
      `${type.slice(type.indexOf(":") + 1)} "shop/it": ${path} is "s"; namespace "shop" has no such Secret: correct the name, or create it.`,
    ]);
  });

  it("wants the key too", async () => {
    const from = object("velero.io/v1:BackupStorageLocation", {
      spec: { credential: { name: "s", key: "l" } },
    });
    expect(await said(from, holder("Secret", "s"))).toEqual([
      'BackupStorageLocation "shop/it": spec.credential.key is "l"; the Secret has only "k": use one of them, or add it there.',
    ]);
  });

  it("does not want what the operator creates, what is optional, and what another store has", async () => {
    const ref = { name: "s", key: "k" };
    const acme = { acme: { privateKeySecretRef: { name: "s" } } };
    expect(await said(object("cert-manager.io/v1:Issuer", { spec: acme }))).toEqual([]);
    expect(
      await said(object("cert-manager.io/v1:Certificate", { spec: { secretName: "s" } })),
    ).toEqual([]);
    const cluster = { externalClusters: [{ password: { ...ref, optional: true } }] };
    expect(await said(object("postgresql.cnpg.io/v1:Cluster", { spec: cluster }))).toEqual([]);
    const metadata = { metadata: [{ name: "p", secretKeyRef: ref }] };
    const component = (secretStore: unknown): Fixture =>
      object("dapr.io/v1alpha1:Component", { spec: metadata, auth: { secretStore } });
    expect(await said(component("vault"))).toEqual([]);
    expect(await said(component("kubernetes"))).toHaveLength(1);
    const catalog = { pgbouncer: { imageCatalogRef: { ...ref, kind: "ImageCatalog" } } };
    expect(await said(object("postgresql.cnpg.io/v1:Pooler", { spec: catalog }))).toEqual([]);
  });

  it("notes what is unknown", async () => {
    const notes = (spec: object): Promise<readonly string[]> =>
      messages(
        ["secret-reference", "undecided"],
        [namespace("shop"), object("cert-manager.io/v1:Issuer", { spec })],
      );
    for (const spec of [
      { ca: { secretName: UNKNOWN } },
      { vault: { auth: { tokenSecretRef: { name: UNKNOWN, key: "k" } } } },
      { vault: { auth: { tokenSecretRef: UNKNOWN } } },
    ])
      expect(await notes(spec)).toEqual([expect.stringContaining("unknown")]);
    expect(await notes({ vault: { server: UNKNOWN } })).toEqual([]);
  });

  it("looks for the Secrets of a ClusterIssuer where cert-manager runs", async () => {
    const issuer = object(
      "cert-manager.io/v1:ClusterIssuer",
      {
        spec: {
          acme: {
            solvers: [{ dns01: { digitalocean: { tokenSecretRef: { name: "s", key: "k" } } } }],
          },
        },
      },
      null,
    );
    const chart = (values: object): Fixture => ({
      type: "kubernetes:helm.sh/v3:Release",
      name: "c",
      props: { chart: "cert-manager", name: "c", namespace: "certs", values },
    });
    const places = [namespace("certs"), holder("Secret", "s", "certs")];
    expect(await said(issuer, chart({}), ...places)).toEqual([]);
    const elsewhere = chart({ clusterResourceNamespace: "shop" });
    expect(await said(issuer, elsewhere, ...places)).toEqual([
      'ClusterIssuer "it": spec.acme.solvers[0].dns01.digitalocean.tokenSecretRef.name is "s"; namespace "shop" has no such Secret: correct the name, or create it.',
    ]);
    expect(await messages(["secret-reference", "undecided"], [issuer, ...places])).toEqual([
      'secret-reference is undecided: ClusterIssuer "it": spec.acme.solvers[0].dns01.digitalocean.tokenSecretRef.name is "s"; not judged, because its namespace is that of the operator, which nothing here installs.',
    ]);
  });
});

it("wants the ConfigMap that an object names", async () => {
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("config-map-reference", [namespace("shop"), ...resources]);
  const monitor = object("monitoring.coreos.com/v1:ServiceMonitor", {
    spec: { endpoints: [{ tlsConfig: { ca: { configMap: { name: "s", key: "k" } } } }] },
  });
  expect(await said(monitor, holder("ConfigMap", "s"))).toEqual([]);
  expect(await said(monitor, holder("Secret", "s"))).toHaveLength(1);
  const store = object("external-secrets.io/v1:SecretStore", {
    spec: { provider: { vault: { caProvider: { type: "ConfigMap", name: "s", key: "k" } } } },
  });
  expect(await said(store, holder("ConfigMap", "s"))).toEqual([]);
  expect(await said(store)).toHaveLength(1);
});

it("wants the ServiceAccount that a store names", async () => {
  const store = object("external-secrets.io/v1:SecretStore", {
    spec: {
      provider: { gcpsm: { auth: { workloadIdentity: { serviceAccountRef: { name: "a" } } } } },
    },
  });
  const account: Fixture = {
    type: "kubernetes:core/v1:ServiceAccount",
    name: "a",
    props: { metadata: { name: "a", namespace: "shop" } },
  };
  const policy = "pod-service-account-exists";
  expect(await messages(policy, [namespace("shop"), store, account])).toEqual([]);
  expect(await messages(policy, [namespace("shop"), store])).toEqual([
    'SecretStore "shop/it": spec.provider.gcpsm.auth.workloadIdentity.serviceAccountRef.name is "a"; namespace "shop" has no such ServiceAccount: correct the name, or create it.',
  ]);
});
