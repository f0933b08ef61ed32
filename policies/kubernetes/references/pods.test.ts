import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken, container, deployment } from "../../testing/fixtures";
import { UNKNOWN, UNKNOWN_OBJECT, messages, type Given } from "../../testing";
import type { Key } from "../../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const WHO = 'Deployment "shop/orders"';

const object = (type: string, name: string, props: object = {}, namespace = "shop"): Given => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace }, ...props },
});
const shop: Given = {
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
};
const secret = (name: string, ...keys: readonly string[]): Given =>
  object("core/v1:Secret", name, { stringData: Object.fromEntries(keys.map((key) => [key, "x"])) });
const configMap = (name: string, ...keys: readonly string[]): Given =>
  object("core/v1:ConfigMap", name, { data: Object.fromEntries(keys.map((key) => [key, "x"])) });

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** A pod that takes one kind in each of the ways. */
const taking = (spec: Partial<PodSpec>, more: object): Given =>
  broken(deployment(), POD, { ...spec, containers: [{ ...container("api"), ...more }] });

const withSecrets = (): Given =>
  taking(
    {
      imagePullSecrets: [{ name: "registry" }],
      volumes: [
        { name: "tls", secret: { secretName: "tls" } },
        {
          name: "all",
          projected: { sources: [{ secret: { name: "part", items: [{ key: "k", path: "p" }] } }] },
        },
      ],
    },
    {
      env: [
        { name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } },
        { name: "A", value: "b" },
      ],
      envFrom: [{ secretRef: { name: "all" } }],
    },
  );
const API: readonly Key[] = [...POD, "containers", 0];
const REF: readonly Key[] = [...API, "env", 0, "valueFrom", "secretKeyRef"];
const none = (path: string, name: string, kind = "Secret", part = ', container "api"'): string =>
  `${WHO}${part}: spec.template.spec.${path} is "${name}"; namespace "shop" has no such ${kind}: write its name, or create it.`;
const noKey = (path: string, key: string, known: string, part = ', container "api"'): string =>
  `${WHO}${part}: spec.template.spec.${path} is "${key}"; the ${known}: write one of them, or add it there.`;

testPolicy("secret-reference", {
  happy: () => [
    withSecrets(),
    shop,
    secret("db", "url"),
    secret("all"),
    secret("registry"),
    secret("tls"),
    secret("part", "k"),
  ],
  broken: [
    {
      at: [...REF, "name"],
      to: "dbs",
      says: none("containers[0].env[0].valueFrom.secretKeyRef.name", "dbs"),
    },
    {
      at: [...REF, "key"],
      to: "uri",
      says: noKey(
        "containers[0].env[0].valueFrom.secretKeyRef.key",
        "uri",
        'Secret has only "url"',
      ),
    },
    { at: REF, to: { name: "dbs", key: "url", optional: true }, says: [] },
    {
      at: REF,
      to: { name: "dbs", key: "url", optional: false },
      says: none("containers[0].env[0].valueFrom.secretKeyRef.name", "dbs"),
    },
    { at: [...REF, "name"], says: [] },
    {
      at: [...API, "envFrom", 0, "secretRef", "name"],
      to: "some",
      says: none("containers[0].envFrom[0].secretRef.name", "some"),
    },
    {
      at: [...POD, "volumes", 0, "secret", "secretName"],
      to: "tsl",
      says: none("volumes[0].secret.secretName", "tsl", "Secret", ""),
    },
    {
      at: [...POD, "volumes", 1, "projected", "sources", 0, "secret", "items", 0, "key"],
      to: "l",
      says: noKey(
        "volumes[1].projected.sources[0].secret.items[0].key",
        "l",
        'Secret has only "k"',
        "",
      ),
    },
    {
      at: [...POD, "imagePullSecrets", 0, "name"],
      to: "hub",
      says: none("imagePullSecrets[0].name", "hub", "Secret", ""),
    },
    { of: 2, at: ["stringData"], says: [] },
    { of: 2, at: ["data"], to: { uri: "eA==" }, says: [] },
    {
      of: 2,
      at: ["stringData"],
      to: {},
      says: noKey("containers[0].env[0].valueFrom.secretKeyRef.key", "url", "Secret has no keys"),
    },
    {
      of: 2,
      at: ["metadata", "namespace"],
      to: "stock",
      says: none("containers[0].env[0].valueFrom.secretKeyRef.name", "db"),
    },
    // Others may have put it into a namespace that is theirs.
    { of: 1, at: ["metadata", "name"], to: "stock", says: [] },
  ],
  undecided: [
    [...REF, "name"],
    [...REF, "key"],
    [2, "metadata", "name"],
    [2, "metadata", "namespace"],
    [2, "stringData"],
    ["metadata", "namespace"],
  ],
});

describe("secret-reference", () => {
  const uses = (name: string): Given => taking({ imagePullSecrets: [{ name }] }, {});
  const said = (name: string, ...others: readonly Given[]): Promise<readonly string[]> =>
    messages("secret-reference", [uses(name), shop, ...others]);
  const missing = (name: string): readonly string[] => [
    none("imagePullSecrets[0].name", name, "Secret", ""),
  ];

  it.each<[string, Given]>([
    ["a", object("external-secrets.io/v1:ExternalSecret", "a")],
    [
      "b",
      object("external-secrets.io/v1:ExternalSecret", "a", { spec: { target: { name: "b" } } }),
    ],
    ["c", object("cert-manager.io/v1:Certificate", "a", { spec: { secretName: "c" } })],
    [
      "d",
      object("cert-manager.io/v1:Issuer", "a", {
        spec: { acme: { privateKeySecretRef: { name: "d" } } },
      }),
    ],
    ["e", object("bitnami.com/v1alpha1:SealedSecret", "e")],
    ["f", object("kafka.strimzi.io/v1:KafkaUser", "f")],
    ["g-cluster-ca-cert", object("kafka.strimzi.io/v1:Kafka", "g")],
    ["h-app", object("postgresql.cnpg.io/v1:Cluster", "h")],
    [
      "i",
      object("secrets-store.csi.x-k8s.io/v1:SecretProviderClass", "a", {
        spec: { secretObjects: [{ secretName: "i" }] },
      }),
    ],
  ])("knows who makes %s", async (name, maker) => {
    expect(await said(name, maker)).toEqual([]);
    expect(await said("other", maker)).toEqual(missing("other"));
  });

  it("does not know what a chart or an unheard-of object makes", async () => {
    const release = (props: Given["props"]): Given => ({
      type: "kubernetes:helm.sh/v3:Release",
      name: "r",
      props,
    });
    expect(await said("a", release({ namespace: "shop" }))).toEqual([]);
    expect(await said("a", release({ namespace: "stock" }))).toEqual(missing("a"));
    expect(await said("a", release({}))).toEqual(missing("a"));
    expect(await said("a", release({ namespace: UNKNOWN }))).toEqual([]);
    expect(await said("a", object("example.com/v1:Vault", "v"))).toEqual([]);
    expect(await said("a", object("example.com/v1:Vault", "v", {}, "stock"))).toEqual(missing("a"));
    expect(await said("a", object("example.com/v1:Vault", "v", {}, UNKNOWN))).toEqual([]);
    expect(await said("a", object("keda.sh/v1:TriggerAuthentication", "v", {}, UNKNOWN))).toEqual(
      missing("a"),
    );
  });

  it("leaves open what a maker's unknown name may be", async () => {
    const external = object("external-secrets.io/v1:ExternalSecret", "a", {
      spec: { target: { name: UNKNOWN } },
    });
    expect(await said("b", external)).toEqual([]);
    expect(await said("b", object("kafka.strimzi.io/v1:KafkaUser", UNKNOWN))).toEqual([]);
    expect(await said("b", object("core/v1:Secret", UNKNOWN))).toEqual([]);
    // One whose name Pulumi or the API server makes up.
    expect(await said("b", broken(secret("c"), ["metadata", "name"]))).toEqual([]);
    expect(await said("b", object("core/v1:ConfigMap", UNKNOWN))).toEqual(missing("b"));
  });

  it("asks for other people's namespaces where that is configured", async () => {
    const foreign = { configuration: { "secret-reference": { foreign: true } } };
    expect(await messages("secret-reference", [uses("a")])).toEqual([]);
    expect(await messages("secret-reference", [uses("a")], foreign)).toEqual(missing("a"));
  });

  it("asks for what else takes a Secret", async () => {
    const wanted = (who: string, path: string): string =>
      `${who}: ${path} is "a"; namespace "shop" has no such Secret: write its name, or create it.`;
    const given: readonly (readonly [Given, string])[] = [
      [
        object("networking.k8s.io/v1:Ingress", "o", { spec: { tls: [{ secretName: "a" }] } }),
        wanted('Ingress "shop/o"', "spec.tls[0].secretName"),
      ],
      [
        object("gateway.networking.k8s.io/v1:Gateway", "o", {
          spec: {
            listeners: [
              { tls: { certificateRefs: [{ name: "a" }, { kind: "Other", name: "b" }] } },
            ],
          },
        }),
        wanted('Gateway "shop/o"', "spec.listeners[0].tls.certificateRefs[0].name"),
      ],
      [
        object(
          "gateway.networking.k8s.io/v1:Gateway",
          "o",
          {
            spec: {
              listeners: [
                { tls: { certificateRefs: [{ kind: "Secret", name: "a", namespace: "shop" }] } },
              ],
            },
          },
          "edge",
        ),
        wanted('Gateway "edge/o"', "spec.listeners[0].tls.certificateRefs[0].name"),
      ],
      [
        object("dapr.io/v1alpha1:Component", "o", {
          auth: { secretStore: "kubernetes" },
          spec: {
            metadata: [
              { name: "x", value: "y" },
              { name: "p", secretKeyRef: { name: "a", key: "k" } },
            ],
          },
        }),
        wanted('Component "shop/o"', "spec.metadata[1].secretKeyRef.name"),
      ],
      [
        object("keda.sh/v1alpha1:TriggerAuthentication", "o", {
          spec: { secretTargetRef: [{ name: "a", key: "k" }] },
        }),
        wanted('TriggerAuthentication "shop/o"', "spec.secretTargetRef[0].name"),
      ],
    ];
    for (const [taker, text] of given) {
      expect(await messages("secret-reference", [shop, taker])).toEqual([text]);
      expect(await messages("secret-reference", [shop, taker, secret("a", "k")])).toEqual([]);
    }
    const vault = object("dapr.io/v1alpha1:Component", "o", {
      auth: { secretStore: "vault" },
      spec: { metadata: [{ name: "p", secretKeyRef: { name: "a", key: "k" } }] },
    });
    expect(await messages("secret-reference", [shop, vault])).toEqual([]);
    expect(await messages("secret-reference", [shop, broken(vault, ["auth"])])).toHaveLength(1);
  });
});

const withConfigMaps = (): Given =>
  taking(
    { volumes: [{ name: "v", configMap: { name: "files", items: [{ key: "f", path: "f" }] } }] },
    {
      env: [{ name: "L", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } }],
      envFrom: [{ configMapRef: { name: "settings" } }],
    },
  );

testPolicy("config-map-reference", {
  happy: () => [withConfigMaps(), shop, configMap("settings", "level"), configMap("files", "f")],
  broken: [
    {
      at: [...API, "env", 0, "valueFrom", "configMapKeyRef", "name"],
      to: "setting",
      says: none("containers[0].env[0].valueFrom.configMapKeyRef.name", "setting", "ConfigMap"),
    },
    {
      at: [...API, "env", 0, "valueFrom", "configMapKeyRef", "name"],
      to: "kube-root-ca.crt",
      says: [],
    },
    {
      at: [...API, "envFrom", 0, "configMapRef", "name"],
      to: "setting",
      says: none("containers[0].envFrom[0].configMapRef.name", "setting", "ConfigMap"),
    },
    {
      at: [...POD, "volumes", 0, "configMap", "name"],
      to: "file",
      says: none("volumes[0].configMap.name", "file", "ConfigMap", ""),
    },
    {
      of: 3,
      at: ["data"],
      to: { g: "", h: "" },
      says: noKey("volumes[0].configMap.items[0].key", "f", 'ConfigMap has only "g", "h"', ""),
    },
    { of: 3, at: ["binaryData"], to: { g: "" }, says: [] },
  ],
  undecided: [
    [...POD, "volumes", 0, "configMap", "name"],
    [3, "data"],
  ],
});

const claimed = (claimName: string): Given =>
  taking(
    {
      volumes: [
        { name: "t", emptyDir: {} },
        { name: "d", persistentVolumeClaim: { claimName } },
      ],
    },
    {},
  );

testPolicy("volume-claim-reference", {
  happy: () => [claimed("disk"), shop, object("core/v1:PersistentVolumeClaim", "disk")],
  broken: [
    {
      at: [...POD, "volumes", 1, "persistentVolumeClaim", "claimName"],
      to: "disc",
      says: none("volumes[1].persistentVolumeClaim.claimName", "disc", "PersistentVolumeClaim", ""),
    },
  ],
  undecided: [[...POD, "volumes", 1, "persistentVolumeClaim", "claimName"]],
});

describe("volume-claim-reference", () => {
  const set = object("apps/v1:StatefulSet", "db", {
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  });

  it("knows the claims of a StatefulSet", async () => {
    const said = (name: string): Promise<readonly string[]> =>
      messages("volume-claim-reference", [claimed(name), shop, set]);
    expect(await said("data-db-12")).toEqual([]);
    expect(await said("data-db-x")).toHaveLength(1);
    expect(await said("data-dbs-0")).toHaveLength(1);
  });

  it("does not throw for what has another shape", async () => {
    const odd = broken(deployment(), POD, { volumes: 7, containers: "x" });
    for (const policy of ["secret-reference", "config-map-reference", "volume-claim-reference"]) {
      expect(await messages(policy, [odd, shop])).toEqual([]);
      expect(await messages(policy, [broken(deployment(), POD, UNKNOWN_OBJECT), shop])).toEqual([]);
    }
  });
});
