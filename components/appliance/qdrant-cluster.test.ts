import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register, valueOf } from "../kit/testing";
import { Qdrant } from "./qdrant";
import type { QdrantArguments } from "./qdrant-arguments";
import { CLOUD, container, environment, pod, qdrantArguments, thing } from "./testing";

const args = qdrantArguments;

const withTls = (changes: Partial<QdrantArguments> = {}) =>
  register(
    (options) => {
      const tls = { certManager: [thing("cert-manager", options)] };
      return new Qdrant("store", { ...args, ...changes, tls }, options);
    },
    { cloud: CLOUD },
  );

const selector = {
  "app.kubernetes.io/name": "qdrant",
  "app.kubernetes.io/instance": "seeds",
};

describe("Qdrant with TLS", () => {
  it("has a certificate from a private CA", async () => {
    const { resources } = await withTls();
    const spec = (name: string) => inputsOf(resources, `store-${name}`)["spec"];
    expect(spec("root")).toEqual({ selfSigned: {} });
    expect(spec("authority")).toMatchObject({
      isCA: true,
      secretName: "seeds-tls-authority",
      issuerRef: { kind: "Issuer", name: "seeds-tls-root" },
      privateKey: { rotationPolicy: "Never" },
    });
    expect(spec("issuer")).toEqual({ ca: { secretName: "seeds-tls-authority" } });
    expect(spec("certificate")).toMatchObject({
      secretName: "seeds-tls",
      dnsNames: [
        "seeds",
        "seeds.fields",
        "seeds.fields.svc",
        "seeds.fields.svc.cluster.local",
        "*.seeds-peers.fields.svc.cluster.local",
      ],
      issuerRef: { kind: "Issuer", name: "seeds-tls-authority" },
      duration: "17520h",
      renewBefore: "8760h",
      usages: ["digital signature", "server auth", "client auth"],
    });
    const after = (name: string) => named(resources, `store-${name}`).dependsOn;
    expect(after("root")).toEqual(["cert-manager"]);
    expect(after("authority")).toEqual(["store-root"]);
    expect(after("issuer")).toEqual(["store-authority"]);
    expect(after("certificate")).toEqual(["store-issuer"]);
    expect(after("pods")).toContain("store-certificate");
  });

  it("uses it to serve, and is probed and scraped over HTTPS", async () => {
    const { result, resources } = await withTls();
    expect(environment(resources)).toMatchObject({
      QDRANT__SERVICE__ENABLE_TLS: "true",
      QDRANT__TLS__CERT: "/qdrant/tls/tls.crt",
      QDRANT__TLS__KEY: "/qdrant/tls/tls.key",
      QDRANT__TLS__CA_CERT: "/qdrant/tls/ca.crt",
      QDRANT__TLS__CERT_TTL: "3600",
    });
    expect(environment(resources)).not.toHaveProperty("QDRANT__CLUSTER__P2P__ENABLE_TLS");
    expect(pod(resources).volumes).toContainEqual({
      name: "tls",
      secret: { secretName: "seeds-tls", defaultMode: 0o440 },
    });
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      expect(container(resources)[probe]).toMatchObject({ httpGet: { scheme: "HTTPS" } });
    }
    expect(inputsOf(resources, "store-monitor")["spec"]).toMatchObject({
      podMetricsEndpoints: [
        {
          scheme: "https",
          tlsConfig: {
            ca: { secret: { name: "seeds-tls", key: "ca.crt" } },
            serverName: "seeds.fields.svc.cluster.local",
          },
        },
      ],
    });
    expect(await valueOf(result.url)).toBe("https://seeds.fields.svc.cluster.local:6333");
    expect(result.certificateAuthority).toEqual({ secretName: "seeds-tls", key: "ca.crt" });
  });
});

describe("three Qdrants", () => {
  it("have their own volumes and form a cluster", async () => {
    const { resources } = await withTls({ replicas: 3 });
    expect(
      ofKind(resources, "PersistentVolumeClaim").map(({ inputs }) => inputs["metadata"]),
    ).toMatchObject(
      ["snapshots", "storage"].flatMap((volume) =>
        [0, 1, 2].map((n) => ({ name: `${volume}-seeds-${String(n)}` })),
      ),
    );
    expect(environment(resources)).toMatchObject({
      QDRANT__CLUSTER__ENABLED: "true",
      QDRANT__CLUSTER__P2P__PORT: "6335",
      QDRANT__CLUSTER__P2P__ENABLE_TLS: "true",
    });
    expect(inputsOf(resources, "store-pods")["spec"]).toMatchObject({
      replicas: 3,
      serviceName: "seeds-peers",
      podManagementPolicy: "Parallel",
    });
    expect(inputsOf(resources, "store-peers")["spec"]).toMatchObject({
      clusterIP: "None",
      publishNotReadyAddresses: true,
    });
  });

  it("are created by the first one, and use names from their certificate", async () => {
    const { resources } = await withTls({ replicas: 3 });
    const domain = "seeds-peers.fields.svc.cluster.local:6335";
    expect(container(resources)["command"]).toEqual([
      "/bin/bash",
      "-c",
      [
        'ulimit -n "$(ulimit -Hn)"',
        'if [ "${HOSTNAME##*-}" = 0 ]; then',
        `  exec ./entrypoint.sh --uri "https://$HOSTNAME.${domain}"`,
        "fi",
        `exec ./entrypoint.sh --bootstrap "https://seeds-0.${domain}" --uri "https://$HOSTNAME.${domain}"`,
      ].join("\n"),
    ]);
  });

  it("reach only each other", async () => {
    const { resources } = await register(
      (options) => new Qdrant("store", { ...args, replicas: 3 }, options),
      { cloud: CLOUD },
    );
    const own = [{ podSelector: { matchLabels: selector } }];
    const ports = [
      { protocol: "TCP", port: 6333 },
      { protocol: "TCP", port: 6335 },
    ];
    const spec = inputsOf(resources, "store-network")["spec"] as Record<string, unknown[]>;
    expect(spec["ingress"]).toContainEqual({ from: own, ports });
    expect(spec["egress"]).toEqual([{ to: own, ports }]);
  });
});
