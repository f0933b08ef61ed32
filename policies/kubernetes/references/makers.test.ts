import { describe, expect, it } from "vitest";
import { broken, container, deployment } from "../../testing/fixtures";
import { UNKNOWN, messages, type Given } from "../../testing";

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

describe("secret-reference", () => {
  const uses = (name: string): Given =>
    broken(deployment(), ["spec", "template", "spec"], {
      imagePullSecrets: [{ name }],
      containers: [container("api")],
    });
  const said = (name: string, ...others: readonly Given[]): Promise<readonly string[]> =>
    messages("secret-reference", [uses(name), shop, ...others]);
  const missing = (name: string): readonly string[] => [
    `Deployment "shop/orders": spec.template.spec.imagePullSecrets[0].name is "${name}"; namespace "shop" has no such Secret: write its name, or create it.`,
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
