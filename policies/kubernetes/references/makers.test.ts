import { describe, expect, it } from "vitest";
import { broken, container, deployment } from "../../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../../testing";

const object = (type: string, name: string, props: object = {}, namespace = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace }, ...props },
});
const shop: Fixture = {
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
};
const secret = (name: string, ...keys: readonly string[]): Fixture =>
  object("core/v1:Secret", name, { stringData: Object.fromEntries(keys.map((key) => [key, "x"])) });

describe("secret-reference", () => {
  const uses = (name: string): Fixture =>
    broken(deployment(), ["spec", "template", "spec"], {
      imagePullSecrets: [{ name }],
      containers: [container("api")],
    });
  const reported = (name: string, ...others: readonly Fixture[]): Promise<readonly string[]> =>
    messages("secret-reference", [uses(name), shop, ...others]);
  const missing = (name: string): readonly string[] => [
    `Deployment "shop/orders": spec.template.spec.imagePullSecrets[0].name is "${name}"; namespace "shop" has no such Secret: correct the name, or create it.`,
  ];

  it.each<[string, Fixture]>([
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
  ])("knows what creates %s", async (name, maker) => {
    expect(await reported(name, maker)).toEqual([]);
    expect(await reported("other", maker)).toEqual(missing("other"));
  });

  it("does not know what a chart or an unknown kind creates", async () => {
    const release = (props: Fixture["props"]): Fixture => ({
      type: "kubernetes:helm.sh/v3:Release",
      name: "r",
      props,
    });
    expect(await reported("a", release({ namespace: "shop" }))).toEqual([]);
    expect(await reported("a", release({ namespace: "stock" }))).toEqual(missing("a"));
    expect(await reported("a", release({}))).toEqual(missing("a"));
    expect(await reported("a", release({ namespace: UNKNOWN }))).toEqual([]);
    expect(await reported("a", object("example.com/v1:Vault", "v"))).toEqual([]);
    expect(await reported("a", object("example.com/v1:Vault", "v", {}, "stock"))).toEqual(
      missing("a"),
    );
    expect(await reported("a", object("example.com/v1:Vault", "v", {}, UNKNOWN))).toEqual([]);
    expect(
      await reported("a", object("keda.sh/v1:TriggerAuthentication", "v", {}, UNKNOWN)),
    ).toEqual(missing("a"));
  });

  const undecided = (name: string, maker: Fixture): Promise<readonly string[]> =>
    messages(["secret-reference", "undecided"], [uses(name), shop, maker]);

  it("leaves a Secret open next to an operator that is not checked, and names the object", async () => {
    const search = object("elasticsearch.k8s.elastic.co/v1:Elasticsearch", "s");
    expect(await undecided("s-es-transport-certs-public", search)).toEqual([]);
    expect(await undecided("s-other", search)).toEqual([
      '1 reference is not judged, because Elasticsearch "shop/s" (elasticsearch.k8s.elastic.co/v1) may create what is missing: secret-reference (1).',
    ]);
    expect(await reported("a", object("velero.io/v1:Restore", "r"))).toEqual([]);
    expect(await reported("a", object("velero.io/v1:Backup", "r"))).toEqual(missing("a"));
    // Not a built-in group, although it ends like one.
    expect(await reported("a", object("other.k8s.io/v1:Thing", "t"))).toEqual([]);
  });

  it("expects no Secret of an object that only writes to one", async () => {
    const external = (creationPolicy: unknown): Fixture =>
      object("external-secrets.io/v1:ExternalSecret", "a", {
        spec: { target: { creationPolicy } },
      });
    for (const policy of ["Merge", "None"])
      expect(await reported("a", external(policy))).toEqual(missing("a"));
    for (const policy of ["Owner", "Orphan", UNKNOWN])
      expect(await reported("a", external(policy))).toEqual([]);
  });

  it("does not know where Argo CD and Flux deploy, if they do not say", async () => {
    const deploys = (type: string, spec: object): Promise<readonly string[]> =>
      reported("a", object(type, "d", { spec }, "delivery"));
    const application = "argoproj.io/v1alpha1:Application";
    const kustomization = "kustomize.toolkit.fluxcd.io/v1:Kustomization";
    expect(await deploys(application, {})).toEqual([]);
    expect(await deploys(application, { destination: { namespace: "stock" } })).toEqual(
      missing("a"),
    );
    expect(await deploys(kustomization, {})).toEqual([]);
    expect(await deploys(kustomization, { targetNamespace: "stock" })).toEqual(missing("a"));
    expect(await deploys("helm.toolkit.fluxcd.io/v2:HelmRelease", {})).toEqual(missing("a"));
  });

  it("counts an unknown name of a creating object", async () => {
    const external = object("external-secrets.io/v1:ExternalSecret", "a", {
      spec: { target: { name: UNKNOWN } },
    });
    expect(await reported("b", external)).toEqual([]);
    expect(await reported("b", object("kafka.strimzi.io/v1:KafkaUser", UNKNOWN))).toEqual([]);
    expect(await reported("b", object("core/v1:Secret", UNKNOWN))).toEqual([]);
    // One with a generated name.
    expect(await reported("b", broken(secret("c"), ["metadata", "name"]))).toEqual([]);
    expect(await reported("b", object("core/v1:ConfigMap", UNKNOWN))).toEqual(missing("b"));
  });

  it("knows the Secrets of certificates from annotations", async () => {
    const annotated = (annotations: unknown, fixture: Fixture): Fixture =>
      broken(fixture, ["metadata", "annotations"], annotations);
    const ingress = object("networking.k8s.io/v1:Ingress", "o", {
      spec: { tls: [{ secretName: "a" }] },
    });
    const gateway = object("gateway.networking.k8s.io/v1:Gateway", "o", {
      spec: { listeners: [{ tls: { certificateRefs: [{ name: "a" }] } }] },
    });
    for (const fixture of [ingress, gateway]) {
      for (const key of ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer"]) {
        expect(
          await messages("secret-reference", [shop, annotated({ [key]: "le" }, fixture)]),
        ).toEqual([]);
      }
      expect(
        await messages("secret-reference", [shop, annotated({ x: "le" }, fixture)]),
      ).toHaveLength(1);
      const unknown = annotated({ "cert-manager.io/issuer": UNKNOWN }, fixture);
      expect(await messages("secret-reference", [shop, unknown])).toEqual([]);
    }
    // The Ingress and the pod refer to different ones.
    expect(await reported("b", annotated({ "cert-manager.io/issuer": "le" }, ingress))).toEqual(
      missing("b"),
    );
    const unknown = annotated({ "cert-manager.io/issuer": UNKNOWN }, ingress);
    expect(await reported("b", unknown)).toEqual([]);
    expect(await reported("b", annotated({ "kubernetes.io/tls-acme": "true" }, ingress))).toEqual(
      missing("b"),
    );
    const hidden = broken(ingress, ["spec", "tls"], UNKNOWN);
    expect(await reported("b", annotated({ "cert-manager.io/issuer": "le" }, hidden))).toEqual([]);
  });

  it("uses the SealedSecret's name for its Secret, whatever its template", async () => {
    const sealed = object("bitnami.com/v1alpha1:SealedSecret", "e", {
      spec: { template: { metadata: { name: "f" } } },
    });
    expect(await reported("e", sealed)).toEqual([]);
    expect(await reported("f", sealed)).toEqual(missing("f"));
  });

  it("does not know the names of a Kafka's user Secrets", async () => {
    const kafka = (secretPrefix: unknown): Fixture =>
      object("kafka.strimzi.io/v1:Kafka", "g", {
        spec: { entityOperator: { userOperator: { secretPrefix } } },
      });
    expect(await reported("kafka-f", kafka("kafka-"))).toEqual([]);
    expect(await reported("kafka-f", kafka(undefined))).toEqual(missing("kafka-f"));
    expect(await reported("kafka-f", kafka(UNKNOWN))).toEqual([]);
  });

  it("checks other namespaces if configured", async () => {
    const foreign = { configuration: { "secret-reference": { foreign: true } } };
    expect(await messages("secret-reference", [uses("a")])).toEqual([]);
    expect(await messages("secret-reference", [uses("a")], foreign)).toEqual(missing("a"));
  });

  it("checks other kinds that use a Secret", async () => {
    const expected = (who: string, path: string): string =>
      `${who}: ${path} is "a"; namespace "shop" has no such Secret: correct the name, or create it.`;
    const fixture: readonly (readonly [Fixture, string])[] = [
      [
        object("networking.k8s.io/v1:Ingress", "o", { spec: { tls: [{ secretName: "a" }] } }),
        expected('Ingress "shop/o"', "spec.tls[0].secretName"),
      ],
      [
        object("gateway.networking.k8s.io/v1:Gateway", "o", {
          spec: {
            listeners: [
              { tls: { certificateRefs: [{ name: "a" }, { kind: "Other", name: "b" }] } },
            ],
          },
        }),
        expected('Gateway "shop/o"', "spec.listeners[0].tls.certificateRefs[0].name"),
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
        expected('Gateway "edge/o"', "spec.listeners[0].tls.certificateRefs[0].name"),
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
        expected('Component "shop/o"', "spec.metadata[1].secretKeyRef.name"),
      ],
      [
        object("keda.sh/v1alpha1:TriggerAuthentication", "o", {
          spec: { secretTargetRef: [{ name: "a", key: "k" }] },
        }),
        expected('TriggerAuthentication "shop/o"', "spec.secretTargetRef[0].name"),
      ],
    ];
    for (const [taker, text] of fixture) {
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

describe("route-backend", () => {
  const ingress = object("networking.k8s.io/v1:Ingress", "o", {
    spec: {
      defaultBackend: { service: { name: "k-kafka-web-bootstrap", port: { number: 9094 } } },
    },
  });
  const reported = (listeners: unknown): Promise<readonly string[]> =>
    messages("route-backend", [
      ingress,
      object("kafka.strimzi.io/v1:Kafka", "k", { spec: { kafka: { listeners } } }),
    ]);

  it("does not know the Services of a Kafka's external listeners", async () => {
    const listener = (type: unknown): object => ({ name: "web", port: 9094, type });
    for (const type of ["cluster-ip", "loadbalancer", UNKNOWN])
      expect(await reported([listener("internal"), listener(type)])).toEqual([]);
    expect(await reported(UNKNOWN)).toEqual([]);
    expect(await reported([listener("internal")])).toHaveLength(1);
    expect(await reported([listener(undefined)])).toHaveLength(1);
  });
});

describe("volume-claim-reference", () => {
  const uses = broken(deployment(), ["spec", "template", "spec"], {
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-db-0" } }],
  });
  const set = (name: unknown, ...templates: readonly unknown[]): Fixture =>
    object("apps/v1:StatefulSet", "db", {
      metadata: { name, namespace: "shop" },
      spec: { volumeClaimTemplates: templates.map((of) => ({ metadata: { name: of } })) },
    });
  const reported = (other: Fixture): Promise<readonly string[]> =>
    messages("volume-claim-reference", [uses, shop, other]);

  it("does not know the claims of a StatefulSet with an unknown name", async () => {
    expect(await reported(set("db", "data"))).toEqual([]);
    expect(await reported(set("db", "logs"))).toHaveLength(1);
    expect(await reported(set("db", "logs", UNKNOWN))).toEqual([]);
    expect(await reported(set(UNKNOWN, "data"))).toEqual([]);
    expect(await reported(set(UNKNOWN))).toHaveLength(1);
  });
});
