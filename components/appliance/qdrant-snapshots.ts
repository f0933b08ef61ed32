import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IMAGES } from "../../versions";
import { Component, type ComponentOptions } from "../kit/component";
import { NO_GRANT, type Grant } from "../identity/contract";
import { pods, toPeers } from "../kit/network-rules";
import { toReach } from "../kit/egress";
import type { ObjectStore } from "../object-store/contract";
import { scriptContainer, scriptPod, type Scratch } from "../kit/script-pod";
import { storeEnvironment } from "../object-store/rclone";
import { filled, names, PORTS, selector, type QdrantArguments } from "./qdrant-arguments";
import { jobLabels } from "./qdrant-network";
import { KEY } from "./qdrant-pod";
import {
  FETCH_SCRIPT,
  KEEP_SCRIPT,
  RECOVER_SCRIPT,
  SNAPSHOT_SCRIPT,
  STORE_SCRIPT,
} from "./qdrant-scripts";

/** In UTC. */
const SCHEDULE = "30 2 * * *";
/** Snapshots to keep of each collection, without a store; manual ones count too. */
const KEEP = 2;
/** Seconds: a run that takes longer is stopped and counts as failed. */
const DEADLINE = 7200;

type PodSpec = k8s.types.input.core.v1.PodSpec;

/**
 * Daily snapshots of every collection with Qdrant's own API: copied to an object store, or kept on
 * the volume if there is none. To take one now:
 * `kubectl -n <namespace> create job <any name> --from=cronjob/<object>-snapshots`.
 *
 * To restore from a store, start the suspended CronJob with the folder's name:
 *
 * ```sh
 * kubectl -n <namespace> create configmap <object>-restore --from-literal=snapshot=<folder>
 * kubectl -n <namespace> create job <any name> --from=cronjob/<object>-restore
 * kubectl -n <namespace> delete configmap <object>-restore
 * ```
 *
 * Without the ConfigMap the job fails and lists the available snapshots. Stop the clients first:
 * what they write to a collection during the restore is lost.
 */
export class QdrantSnapshots extends Component {
  /** For alerts on `kube_cronjob_status_last_successful_time`. */
  readonly cronJobName: string;
  /** Absent without a store. */
  readonly restoreJobName: string | undefined;

  readonly #args: QdrantArguments;

  constructor(name: string, args: QdrantArguments, options: ComponentOptions) {
    const { store } = args.snapshots ?? {};
    super(
      "appliance:QdrantSnapshots",
      name,
      { schedule: SCHEDULE, stored: store !== undefined },
      options,
    );
    this.#args = args;
    const { snapshots, restore } = names(args);

    const before = this.createSurroundings(store);
    this.cronJobName = snapshots;
    this.createJob("job", snapshots, SCHEDULE, this.snapshotPod(), before);
    this.restoreJobName = store === undefined ? undefined : restore;
    if (store !== undefined) {
      // Never used: the CronJob is suspended.
      this.createJob("restore", restore, undefined, this.restorePod(store), before);
    }
    this.publish();
  }

  private metadata(objectName: string) {
    return { name: objectName, namespace: this.#args.namespace, labels: jobLabels(this.#args) };
  }

  /** An account without permissions, a network policy for what is needed, and the key. */
  private createSurroundings(store: ObjectStore | undefined): readonly pulumi.Resource[] {
    const metadata = this.metadata(names(this.#args).snapshots);
    const grant = this.grant(store);
    const account = new k8s.core.v1.ServiceAccount(
      this.child("account"),
      {
        metadata: { ...metadata, annotations: { ...grant.annotations } },
        automountServiceAccountToken: false,
      },
      this.options(),
    );
    const network = this.createNetwork(store);
    const secret = this.createSecret(store);
    return [account, network, ...secret, ...grant.ready, ...(store?.ready ?? [])];
  }

  private createNetwork(store: ObjectStore | undefined): k8s.networking.v1.NetworkPolicy {
    return new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      {
        metadata: this.metadata(names(this.#args).snapshots),
        spec: {
          podSelector: { matchLabels: jobLabels(this.#args) },
          policyTypes: ["Ingress", "Egress"],
          ingress: [],
          egress: [
            toPeers([pods(selector(this.#args))], PORTS.http),
            ...(store?.reach ?? []).map(toReach),
          ],
        },
      },
      this.options(),
    );
  }

  /** The bucket's keys, where it has any. */
  private createSecret(store: ObjectStore | undefined): readonly k8s.core.v1.Secret[] {
    if (store?.credentials === undefined) return [];
    return [
      new k8s.core.v1.Secret(
        this.child("store"),
        {
          metadata: this.metadata(storeSecret(this.#args)),
          type: "Opaque",
          stringData: { ...store.credentials },
        },
        this.options(),
      ),
    ];
  }

  private grant(store: ObjectStore | undefined): Grant {
    if (store === undefined || store.credentials !== undefined) return NO_GRANT;
    const { snapshots: serviceAccount } = names(this.#args);
    return store.grant(this.child("grant"), { namespace: this.#args.namespace, serviceAccount });
  }

  private createJob(
    suffix: string,
    jobName: string,
    schedule: string | undefined,
    pod: PodSpec,
    dependsOn: readonly pulumi.Resource[],
  ): k8s.batch.v1.CronJob {
    const labels = jobLabels(this.#args);
    return new k8s.batch.v1.CronJob(
      this.child(suffix),
      {
        metadata: this.metadata(jobName),
        spec: {
          schedule: schedule ?? "0 0 1 1 *",
          timeZone: "Etc/UTC",
          suspend: schedule === undefined,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 3600,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            metadata: { labels },
            spec: {
              // A restore is never repeated automatically.
              backoffLimit: schedule === undefined ? 0 : 2,
              activeDeadlineSeconds: DEADLINE,
              template: { metadata: { labels }, spec: pod },
            },
          },
        },
      },
      this.options({ dependsOn: [...dependsOn] }),
    );
  }

  private snapshotPod(): PodSpec {
    const { store } = this.#args.snapshots ?? {};
    const account = names(this.#args).snapshots;
    const environment = qdrantEnvironment(this.#args);
    if (store !== undefined) {
      const scratch = scratchOf(this.#args);
      return scriptPod(
        account,
        scriptContainer("snapshot", IMAGES.curl, SNAPSHOT_SCRIPT, environment, scratch),
        scriptContainer(
          "store",
          IMAGES.rclone,
          STORE_SCRIPT,
          [
            ...storeEnvironment(storeAccess(this.#args, store)),
            { name: "DESTINATION", value: folderOf(this.#args, store) },
          ],
          scratch,
        ),
        scratch,
      );
    }
    // Nothing is copied: the scratch directory only holds lists of names.
    const scratch: Scratch = { kind: "node", size: { kind: "size", bytes: 16 * 1024 ** 2 } };
    const only = scriptContainer(
      "snapshot",
      IMAGES.curl,
      KEEP_SCRIPT,
      [...environment, { name: "KEEP", value: String(KEEP) }],
      scratch,
    );
    return { ...scriptPod(account, only, only, scratch), initContainers: [] };
  }

  private restorePod(store: ObjectStore): PodSpec {
    const { snapshots, restore } = names(this.#args);
    const scratch = scratchOf(this.#args);
    return scriptPod(
      snapshots,
      scriptContainer(
        "fetch",
        IMAGES.rclone,
        FETCH_SCRIPT,
        [
          ...storeEnvironment(storeAccess(this.#args, store)),
          { name: "SOURCE", value: folderOf(this.#args, store) },
          {
            name: "RESTORE_SNAPSHOT",
            valueFrom: { configMapKeyRef: { name: restore, key: "snapshot", optional: true } },
          },
        ],
        scratch,
      ),
      scriptContainer(
        "recover",
        IMAGES.curl,
        RECOVER_SCRIPT,
        qdrantEnvironment(this.#args),
        scratch,
      ),
      scratch,
    );
  }
}

const storeSecret = (args: QdrantArguments): string => `${names(args).snapshots}-store`;

const prefixOf = (args: QdrantArguments): string => args.snapshots?.prefix ?? names(args).object;

const storeAccess = (args: QdrantArguments, store: ObjectStore) => ({
  store,
  secretName: store.credentials === undefined ? undefined : storeSecret(args),
  prefix: prefixOf(args),
});

const folderOf = (args: QdrantArguments, store: ObjectStore): pulumi.Output<string> =>
  pulumi.interpolate`${store.bucket}/${prefixOf(args)}`;

/** On a volume that lives as long as the pod: nodes do not have enough disk space. */
function scratchOf(args: QdrantArguments): Scratch {
  const bytes = args.storage.bytes * filled(args).replicas;
  return { kind: "volume", size: { kind: "size", bytes }, storageClass: args.storageClass };
}

/** Each peer by its own name, because a snapshot covers the data of one peer. */
function qdrantEnvironment(args: QdrantArguments): k8s.types.input.core.v1.EnvVar[] {
  const { object, peerDomain, keys, certificate } = names(args);
  const scheme = args.tls === undefined ? "http" : "https";
  const peers = Array.from(
    { length: filled(args).replicas },
    (_, peer) => `${scheme}://${object}-${String(peer)}.${peerDomain}:${String(PORTS.http)}`,
  );
  return [
    { name: "PEERS", value: peers.join(" ") },
    { name: "API_KEY", valueFrom: { secretKeyRef: { name: keys, key: KEY.full } } },
    ...(args.tls === undefined
      ? []
      : [
          {
            name: "CERTIFICATE_AUTHORITY",
            valueFrom: { secretKeyRef: { name: certificate, key: "ca.crt" } },
          },
        ]),
  ];
}
