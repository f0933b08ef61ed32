import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { cores, gib, mib, millicores } from "../../systems/units";
import { inputsOf, isSecret, named, ofKind, refusal, register, UNKNOWN, valueOf } from "../testing";
import { Qdrant } from "./qdrant";
import { atLeast, checkQdrant, type QdrantArguments } from "./qdrant-arguments";
import { CLOUD, thing } from "./testing";

const args: QdrantArguments = {
  system: "farm",
  namespace: "fields",
  objectName: "seeds",
  storage: gib(37),
  snapshotStorage: gib(41),
  storageClass: "slow",
  nodes: { pool: "works" },
  tls: undefined,
  monitoring: { namespace: "watch", ready: [] },
  allowFrom: [{ podSelector: { matchLabels: { app: "api" } } }],
  protect: true,
};

const create = (changes: Partial<QdrantArguments> = {}, preview = false) =>
  register((options) => new Qdrant("store", { ...args, ...changes }, options), {
    preview,
    cloud: CLOUD,
  });

const withTls = (changes: Partial<QdrantArguments> = {}) =>
  register(
    (options) => {
      const tls = { certManager: [thing("cert-manager", options)] };
      return new Qdrant("store", { ...args, ...changes, tls }, options);
    },
    { cloud: CLOUD },
  );

type Resources = Awaited<ReturnType<typeof create>>["resources"];

interface Pod {
  readonly containers: readonly Record<string, unknown>[];
  readonly volumes: readonly unknown[];
  readonly [key: string]: unknown;
}

function pod(resources: Resources): Pod {
  const spec = inputsOf(resources, "store-pods")["spec"] as { template: { spec: Pod } };
  return spec.template.spec;
}

function container(resources: Resources): Record<string, unknown> {
  const [only] = pod(resources).containers;
  if (only === undefined) throw new Error("there is no container");
  return only;
}

const environment = (resources: Resources): Record<string, unknown> =>
  Object.fromEntries(
    (container(resources)["env"] as { name: string; value?: string }[]).map(({ name, value }) => [
      name,
      value ?? "from elsewhere",
    ]),
  );

const selector = {
  "app.kubernetes.io/name": "qdrant",
  "app.kubernetes.io/instance": "seeds",
};

describe("Qdrant", () => {
  it("is these objects and nothing else", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "store-account",
      "store-budget",
      "store-key",
      "store-keys",
      "store-monitor",
      "store-network",
      "store-peers",
      "store-pods",
      "store-read-only-key",
      "store-service",
      "store-snapshots-0",
      "store-snapshots-account",
      "store-snapshots-job",
      "store-snapshots-network",
      "store-storage-0",
    ]);
  });

  it("runs the runbook's version on the nodes it was given", async () => {
    const { resources } = await create();
    expect(container(resources)).toMatchObject({
      image: "docker.io/qdrant/qdrant:v1.7.0",
      command: ["/bin/bash", "-c", 'ulimit -n "$(ulimit -Hn)"\nexec ./entrypoint.sh'],
      resources: {
        requests: { cpu: "500m", memory: "2Gi" },
        limits: { cpu: "2", memory: "4Gi" },
      },
    });
    expect(pod(resources)["nodeSelector"]).toEqual({ pool: "works" });
    expect(pod(await create({ nodes: {} }).then((made) => made.resources))).not.toHaveProperty(
      "nodeSelector",
    );
  });

  it("is told what it needs by environment, the keys from a Secret", async () => {
    const { resources } = await create();
    expect(environment(resources)).toEqual({
      QDRANT__TELEMETRY_DISABLED: "true",
      QDRANT__STORAGE__STORAGE_PATH: "/qdrant/storage",
      QDRANT__STORAGE__SNAPSHOTS_PATH: "/qdrant/snapshots",
      QDRANT__SERVICE__GRPC_PORT: "6334",
      QDRANT__SERVICE__ENABLE_CORS: "false",
      QDRANT__SERVICE__ENABLE_STATIC_CONTENT: "false",
      QDRANT_INIT_FILE_PATH: "/qdrant/init/.qdrant-initialized",
      QDRANT__SERVICE__API_KEY: "from elsewhere",
      QDRANT__SERVICE__READ_ONLY_API_KEY: "from elsewhere",
    });
    expect(container(resources)["env"]).toContainEqual({
      name: "QDRANT__SERVICE__API_KEY",
      valueFrom: { secretKeyRef: { name: "seeds-api-keys", key: "api-key" } },
    });
  });

  it("keeps its keys secret and shows no key in its pods", async () => {
    const { result, resources } = await create({ rotation: "3" });
    expect(inputsOf(resources, "store-keys")["stringData"]).toEqual({
      $secret: { "api-key": "generated-password", "read-only-api-key": "generated-password" },
    });
    expect(inputsOf(resources, "store-key")).toEqual({
      length: 64,
      special: false,
      keepers: { rotation: "3" },
    });
    expect(await isSecret(result.apiKey)).toBe(true);
    expect(await isSecret(result.readOnlyApiKey ?? pulumi.output(""))).toBe(true);
    const shown = resources.filter(({ name }) => name !== "store-keys");
    expect(JSON.stringify(shown.map(({ inputs }) => inputs))).not.toContain("generated-password");
  });

  it("starts anew with other keys", async () => {
    const { resources } = await create();
    const spec = inputsOf(resources, "store-pods")["spec"] as {
      template: { metadata: { annotations: Record<string, string> } };
    };
    expect(spec.template.metadata.annotations["runstack.dev/credentials"]).toMatch(/^[\da-f]{16}$/);
  });

  it("has one key where it was asked for one", async () => {
    const { result, resources } = await create({ readOnlyApiKey: false });
    expect(result.readOnlyApiKey).toBeUndefined();
    expect(inputsOf(resources, "store-keys")["stringData"]).toEqual({
      $secret: { "api-key": "generated-password" },
    });
    expect(environment(resources)).not.toHaveProperty("QDRANT__SERVICE__READ_ONLY_API_KEY");
    expect(JSON.stringify(inputsOf(resources, "store-monitor"))).toContain('"key":"api-key"');
  });

  it("keeps its data on volumes that outlive it, and can grow", async () => {
    const { resources } = await create();
    const claim = (storage: string) => ({
      accessModes: ["ReadWriteOnce"],
      storageClassName: "slow",
      resources: { requests: { storage } },
    });
    expect(inputsOf(resources, "store-storage-0")).toMatchObject({
      metadata: { name: "storage-seeds-0", namespace: "fields" },
      spec: claim("37Gi"),
    });
    expect(inputsOf(resources, "store-snapshots-0")).toMatchObject({
      metadata: { name: "snapshots-seeds-0", namespace: "fields" },
      spec: claim("41Gi"),
    });
    expect(inputsOf(resources, "store-pods")["spec"]).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        { metadata: { name: "storage" }, spec: claim("1Gi") },
        { metadata: { name: "snapshots" }, spec: claim("1Gi") },
      ],
    });
  });

  it("does not replace its pods when its volumes grow", async () => {
    const small = await create();
    const large = await create({ storage: gib(370), snapshotStorage: gib(410) });
    expect(inputsOf(large.resources, "store-pods")).toEqual(
      inputsOf(small.resources, "store-pods"),
    );
  });

  it.each([true, false])("protects what holds data if asked to: %s", async (protect) => {
    const { resources } = await create({ protect });
    const kept = resources.filter(({ options }) => options.protect === true);
    expect(kept.map(({ name }) => name)).toEqual(
      protect ? ["store-snapshots-0", "store-storage-0"] : [],
    );
  });

  it("runs restricted, spread, and one pod at a time goes", async () => {
    const { resources } = await create();
    expect(pod(resources)).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 },
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
        { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
      ],
    });
    expect(container(resources)["securityContext"]).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(inputsOf(resources, "store-budget")["spec"]).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selector },
    });
  });

  it("is asked for its health where its version tells it", async () => {
    const path = async (version: string) =>
      container((await create({ version })).resources)["readinessProbe"];
    expect(await path("1.7.0")).toMatchObject({ httpGet: { path: "/", scheme: "HTTP" } });
    expect(await path("1.7.3")).toMatchObject({ httpGet: { path: "/readyz" } });
    expect(await path("1.19.0")).toMatchObject({ httpGet: { path: "/readyz" } });
    const { resources } = await create();
    expect(container(resources)["startupProbe"]).toMatchObject({
      periodSeconds: 10,
      failureThreshold: 180,
    });
  });

  it("lets in clients, Prometheus and its own jobs, and goes nowhere itself", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "store-network")["spec"]).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: "api" } } }],
          ports: [
            { protocol: "TCP", port: 6333 },
            { protocol: "TCP", port: 6334 },
          ],
        },
        {
          from: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } },
            {
              podSelector: {
                matchLabels: {
                  "app.kubernetes.io/part-of": "farm",
                  "app.kubernetes.io/component": "seeds-snapshots",
                  "app.kubernetes.io/managed-by": "pulumi",
                  "app.kubernetes.io/instance": "seeds",
                },
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 6333 }],
        },
      ],
      egress: [],
    });
  });

  it("lets nobody in where no client was named", async () => {
    const { resources } = await create({ allowFrom: [] });
    const { ingress } = inputsOf(resources, "store-network")["spec"] as { ingress: unknown[] };
    expect(ingress).toHaveLength(1);
  });

  it("is scraped with the key that only reads", async () => {
    const { resources } = await register(
      (options) => {
        const monitoring = { namespace: "watch", ready: [thing("prometheus", options)] };
        return new Qdrant("store", { ...args, monitoring }, options);
      },
      { cloud: CLOUD },
    );
    expect(inputsOf(resources, "store-monitor")).toMatchObject({
      kind: "PodMonitor",
      metadata: { namespace: "fields" },
      spec: {
        selector: { matchLabels: selector },
        podMetricsEndpoints: [
          {
            port: "http",
            path: "/metrics",
            authorization: {
              type: "Bearer",
              credentials: { name: "seeds-api-keys", key: "read-only-api-key" },
            },
          },
        ],
      },
    });
    expect(named(resources, "store-monitor").dependsOn).toEqual(["prometheus", "store-keys"]);
  });

  it("says where it is found", async () => {
    const { result, resources } = await create();
    expect(await valueOf(result.host)).toBe("seeds.fields.svc.cluster.local");
    expect(await valueOf(result.url)).toBe("http://seeds.fields.svc.cluster.local:6333");
    expect([result.port, result.grpcPort, result.tls]).toEqual([6333, 6334, false]);
    expect(result.certificateAuthority).toBeUndefined();
    expect(result.reach).toEqual([
      { kind: "pods", namespace: "fields", labels: selector, ports: [6333, 6334] },
    ]);
    expect(result.ready).toHaveLength(3);
    expect(inputsOf(resources, "store-service")["spec"]).toMatchObject({
      ports: [
        { name: "http", port: 6333 },
        { name: "grpc", port: 6334 },
      ],
    });
  });

  it("comes in an order that needs no hand", async () => {
    const { resources } = await create();
    expect(named(resources, "store-pods").dependsOn).toEqual([
      "store-account",
      "store-keys",
      "store-network",
      "store-peers",
      "store-snapshots-0",
      "store-storage-0",
    ]);
    // An up waits for a Service's pods: one before them would never be done.
    expect(named(resources, "store-service").dependsOn).toEqual(["store-pods"]);
    expect(named(resources, "store-pods").options.customTimeouts).toEqual({
      create: "45m",
      update: "45m",
      delete: "15m",
    });
  });

  it("is planned before its keys exist", async () => {
    const { result, resources } = await create({}, true);
    expect(await valueOf(result.apiKey)).toBe(UNKNOWN);
    expect(JSON.stringify(inputsOf(resources, "store-service"))).not.toContain(UNKNOWN);
    expect(container(resources)["image"]).toBe("docker.io/qdrant/qdrant:v1.7.0");
  });
});

describe("Qdrant with TLS", () => {
  it("has a certificate from an authority of its own", async () => {
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

  it("serves, is probed and is scraped with it", async () => {
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
  it("have volumes each, and agree among themselves", async () => {
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

  it("begin with the first, by names that their certificate holds", async () => {
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

  it("reach one another, and nothing else", async () => {
    const { resources } = await create({ replicas: 3 });
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

describe("a Qdrant that cannot be", () => {
  it.each<[Partial<QdrantArguments>, string]>([
    [
      { objectName: "Seeds" },
      'objectName is "Seeds", but must be 1 to 48 lower-case letters, digits and hyphens, beginning with a letter. The names of its pods and jobs are made from it.',
    ],
    [
      { version: "1.7" },
      'version is "1.7", but must be three numbers, 1.7.0 or later. Older ones know no key that only reads.',
    ],
    [
      { version: "1.6.9" },
      'version is "1.6.9", but must be three numbers, 1.7.0 or later. Older ones know no key that only reads.',
    ],
    [
      { replicas: 2 },
      "replicas is 2, but must be 1 or an odd number from 3. Of an even number, one half cannot outvote the other.",
    ],
    [
      { replicas: 0 },
      "replicas is 0, but must be 1 or an odd number from 3. Of an even number, one half cannot outvote the other.",
    ],
    [
      { storage: mib(512) },
      "storage is 536870912 bytes, but must be 1 GiB or more. Volumes grow by configuration, and never shrink.",
    ],
    [
      { snapshotStorage: mib(1) },
      "snapshotStorage is 1048576 bytes, but must be 1 GiB or more. Volumes grow by configuration, and never shrink.",
    ],
    [
      { snapshots: { schedule: "daily" } },
      'snapshots.schedule is "daily", but must be five fields of cron. Minute, hour, day, month and weekday, in UTC.',
    ],
    [
      { snapshots: { keep: 0 } },
      "snapshots.keep is 0, but must be 1 or more. None is no snapshot.",
    ],
    [
      { snapshots: { deadline: 59 } },
      "snapshots.deadline is 59, but must be 60 seconds or more. A day's data must fit into it.",
    ],
    [
      { snapshots: { prefix: "a/" } },
      'snapshots.prefix is "a/", but must be without a slash at either end. Each snapshot gets a folder below it.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkQdrant("store", { ...args, ...changes });
      }),
    ).toBe(`Qdrant store: ${expected}`);
  });

  it.each<[Partial<QdrantArguments>]>([
    [{ version: "1.7.0" }],
    [{ version: "2.0.0" }],
    [{ replicas: 5 }],
    [{ snapshots: { schedule: "7 4 * * 1-5", prefix: "a/b" } }],
    [
      {
        resources: {
          requests: { cpu: millicores(1), memory: mib(1) },
          limits: { cpu: cores(1), memory: mib(2) },
        },
      },
    ],
  ])("but not %j", (changes) => {
    expect(
      refusal(() => {
        checkQdrant("store", { ...args, ...changes });
      }),
    ).toBe("");
  });

  it.each<[string, boolean]>([
    ["1.7.3", true],
    ["1.7.10", true],
    ["1.10.0", true],
    ["2.0.0", true],
    ["1.7.2", false],
    ["0.9.9", false],
    ["v1.9.0", false],
  ])("counts versions by their numbers: %s is 1.7.3 or later: %s", (version, expected) => {
    expect(atLeast(version, [1, 7, 3])).toBe(expected);
  });
});
