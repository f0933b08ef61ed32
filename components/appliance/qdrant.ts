import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { quantity, type Size } from "../../systems/units";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels } from "../kit/labels";
import type { Reach } from "../kit/egress";
import type { Appliance } from "./contract";
import {
  checkQdrant,
  filled,
  names,
  PORTS,
  selector,
  type QdrantArguments,
} from "./qdrant-arguments";
import { createMonitor, createNetwork } from "./qdrant-network";
import { clustered, KEY, qdrantPod, VOLUMES } from "./qdrant-pod";
import { QdrantSnapshots } from "./qdrant-snapshots";
import { createCertificates } from "./qdrant-tls";

/**
 * Qdrant in the cluster, with API keys, persistent volumes, snapshots and TLS.
 *
 * Its Helm chart is not used: it takes the keys as chart values, which are stored in the state; it
 * creates the volumes from a template, so they cannot be grown or protected; and it is tested only
 * with the newest version, while the runbook's is older.
 */
export class Qdrant extends Component implements Appliance {
  readonly host: pulumi.Output<string>;
  readonly port = PORTS.http;
  readonly grpcPort = PORTS.grpc;
  readonly url: pulumi.Output<string>;
  readonly tls: boolean;
  readonly certificateAuthority: Appliance["certificateAuthority"];
  readonly apiKey: pulumi.Output<string>;
  /** Secret: the read-only key; Prometheus scrapes with it. */
  readonly readOnlyApiKey: pulumi.Output<string>;
  readonly reach: readonly Reach[];
  readonly snapshots: QdrantSnapshots;
  readonly ready: readonly pulumi.Resource[];

  readonly #args: QdrantArguments;

  constructor(name: string, args: QdrantArguments, options: ComponentOptions) {
    const { namespace, storageClass } = args;
    const { version, replicas } = filled(args);
    super("appliance:Qdrant", name, { namespace, version, replicas, storageClass }, options);
    this.#args = args;
    checkQdrant(name, args);

    const { full, readOnly, secret } = this.createKeys();
    const network = createNetwork(this.child("network"), args, this.options());
    const pods = this.createPods(digest([full, readOnly]), [
      secret,
      network,
      this.createAccount(),
      this.createPeerService(),
      ...this.createVolumes(),
      ...(args.tls === undefined ? [] : [this.createCertificates()]),
    ]);
    const service = this.createService(pods);
    this.createBudget();
    const scraped = this.options({ dependsOn: [secret, ...args.monitoring.ready] });
    createMonitor(this.child("monitor"), args, scraped);
    const after = { parent: this, dependsOn: [pods] };
    this.snapshots = new QdrantSnapshots(this.child("snapshots"), args, after);

    const { host, certificate: secretName } = names(args);
    this.host = pulumi.output(host);
    this.tls = args.tls !== undefined;
    this.url = pulumi.output(`${this.tls ? "https" : "http"}://${host}:${String(PORTS.http)}`);
    this.certificateAuthority = this.tls ? { secretName, key: "ca.crt" } : undefined;
    this.apiKey = full.result;
    this.readOnlyApiKey = readOnly.result;
    this.reach = [
      { kind: "pods", namespace, labels: selector(args), ports: [PORTS.http, PORTS.grpc] },
    ];
    this.ready = [pods, service, network];
    this.publish();
  }

  private metadata(objectName: string) {
    const { system, namespace } = this.#args;
    return {
      name: objectName,
      namespace,
      labels: { ...commonLabels(system, "qdrant"), ...selector(this.#args) },
    };
  }

  /** Letters and digits only, which need no escaping in a header. */
  private createKey(suffix: string): RandomPassword {
    return new RandomPassword(
      this.child(suffix),
      { length: 64, special: false, keepers: { rotation: "1" } },
      this.options(),
    );
  }

  private createKeys() {
    const full = this.createKey("key");
    const readOnly = this.createKey("read-only-key");
    const secret = new k8s.core.v1.Secret(
      this.child("keys"),
      {
        metadata: this.metadata(names(this.#args).keys),
        type: "Opaque",
        stringData: {
          [KEY.full]: full.result,
          [KEY.readOnly]: readOnly.result,
        },
      },
      this.options(),
    );
    return { full, readOnly, secret };
  }

  /**
   * The claims that the StatefulSet would otherwise create. They have the names that Kubernetes
   * expects, so it uses them, and they are resources of this program, so they can be grown and
   * protected.
   */
  private createVolumes(): readonly k8s.core.v1.PersistentVolumeClaim[] {
    const { replicas } = filled(this.#args);
    return Array.from({ length: replicas }).flatMap((_, peer) => [
      this.createVolume(VOLUMES.data, peer, this.#args.storage),
      this.createVolume(VOLUMES.snapshots, peer, this.#args.storage),
    ]);
  }

  private createVolume(
    volume: string,
    peer: number,
    size: Size,
  ): k8s.core.v1.PersistentVolumeClaim {
    const { object } = names(this.#args);
    return new k8s.core.v1.PersistentVolumeClaim(
      this.child(`${volume}-${String(peer)}`),
      {
        metadata: this.metadata(`${volume}-${object}-${String(peer)}`),
        spec: claim(this.#args, quantity(size)),
      },
      this.options({ protect: this.#args.protect }),
    );
  }

  private createCertificates(): k8s.apiextensions.CustomResource {
    return createCertificates(
      (suffix) => this.child(suffix),
      this.#args,
      (after) => this.options({ dependsOn: [...after] }),
    );
  }

  private createAccount(): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: this.metadata(names(this.#args).object), automountServiceAccountToken: false },
      this.options(),
    );
  }

  private createPods(
    credentials: pulumi.Output<string>,
    dependsOn: readonly pulumi.Resource[],
  ): k8s.apps.v1.StatefulSet {
    const { object, peers } = names(this.#args);
    const metadata = this.metadata(object);
    return new k8s.apps.v1.StatefulSet(
      this.child("pods"),
      {
        metadata,
        spec: {
          replicas: filled(this.#args).replicas,
          revisionHistoryLimit: 3,
          serviceName: peers,
          // With ordered start, no pod would become ready before all of them run.
          podManagementPolicy: "Parallel",
          updateStrategy: { type: "RollingUpdate" },
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
          selector: { matchLabels: selector(this.#args) },
          template: {
            metadata: {
              labels: metadata.labels,
              annotations: { "checksum/credentials": credentials },
            },
            spec: qdrantPod(this.#args),
          },
          // Only the names matter, because the claims exist. The size is fixed, because a template
          // cannot be changed: another size would replace the StatefulSet and grow nothing.
          volumeClaimTemplates: Object.values(VOLUMES).map((volume) => ({
            metadata: { name: volume },
            spec: claim(this.#args, "1Gi"),
          })),
        },
      },
      // As long as the startup probe allows, plus time to pull the image and attach the volume.
      this.options({
        dependsOn: [...dependsOn],
        customTimeouts: { create: "45m", update: "45m", delete: "15m" },
      }),
    );
  }

  /** Headless: each pod's name resolves to that pod, even before it is ready. */
  private createPeerService(): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      this.child("peers"),
      {
        metadata: this.metadata(names(this.#args).peers),
        spec: {
          type: "ClusterIP",
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: selector(this.#args),
          ports: servicePorts("http", ...(clustered(this.#args) ? (["peers"] as const) : [])),
        },
      },
      this.options(),
    );
  }

  private createService(pods: k8s.apps.v1.StatefulSet): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      this.child("service"),
      {
        metadata: this.metadata(names(this.#args).object),
        spec: {
          type: "ClusterIP",
          selector: selector(this.#args),
          ports: servicePorts("http", "grpc"),
        },
      },
      // Pulumi waits for a Service until it has a ready pod.
      this.options({ dependsOn: [pods] }),
    );
  }

  private createBudget(): void {
    new k8s.policy.v1.PodDisruptionBudget(
      this.child("budget"),
      {
        metadata: this.metadata(names(this.#args).object),
        spec: {
          // One at a time, even with a single pod: a node must always be drainable.
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: selector(this.#args) },
        },
      },
      this.options(),
    );
  }
}

const claim = ({ storageClass }: QdrantArguments, storage: string) => ({
  accessModes: ["ReadWriteOnce"],
  storageClassName: storageClass,
  resources: { requests: { storage } },
});

const servicePorts = (...ports: readonly (keyof typeof PORTS)[]) =>
  ports.map((name) => ({ name, port: PORTS[name], targetPort: PORTS[name], protocol: "TCP" }));

/** Changes with the keys, which restarts the pods; reveals nothing about them. */
const digest = (keys: readonly RandomPassword[]): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      .all(keys.map(({ result }) => result))
      .apply((parts) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16)),
  );
