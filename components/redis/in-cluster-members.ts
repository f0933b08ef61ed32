import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { quantity } from "../../systems/units";
import { storeConfig, WATCHER_CONFIG, WATCHER_PRIMARY_CONFIG } from "./in-cluster-config";
import {
  memberLabels,
  metadata,
  namesOf,
  REPLICAS,
  type InClusterRedisArguments,
} from "./in-cluster-names";
import { memberPod } from "./in-cluster-pod";
import * as scripts from "./in-cluster-scripts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The pods with their volumes. `credentials` is a digest of what they sign in and let in with. */
export function createMembers(
  name: string,
  args: InClusterRedisArguments,
  credentials: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): k8s.apps.v1.StatefulSet {
  const names = namesOf(args);
  const labels = memberLabels(args);
  return new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadata(args, names.workload, labels),
      spec: {
        serviceName: names.members,
        replicas: REPLICAS[args.topology],
        revisionHistoryLimit: 3,
        // They start together, because none is complete without the others; they are replaced one by one.
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        minReadySeconds: args.topology === "single" ? 0 : 15,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels: metadata(args, names.workload, labels).labels,
            annotations: {
              "checksum/config": sha256(JSON.stringify(memberFiles(args))),
              "checksum/credentials": credentials,
            },
          },
          spec: memberPod(args),
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: args.storageClass,
              resources: { requests: { storage: quantity(args.storage) } },
            },
          },
        ],
      },
    },
    {
      ...options,
      protect: args.protect,
      customTimeouts: { create: "20m", update: "30m", delete: "10m" },
    },
  );
}

/** What the members read when they start: on a change they are restarted. */
export function memberFiles(args: InClusterRedisArguments): Record<string, string> {
  const all = {
    "valkey.conf": storeConfig(args),
    "is-alive.sh": scripts.IS_ALIVE,
    "is-ready.sh": scripts.IS_READY,
  };
  if (args.topology === "single") return { ...all, "start.sh": scripts.START_SINGLE };
  return {
    ...all,
    "sentinel.conf": WATCHER_CONFIG,
    "sentinel-primary.conf": WATCHER_PRIMARY_CONFIG,
    "start.sh": scripts.START_MEMBER,
    "stop.sh": scripts.STOP_MEMBER,
    "start-sentinel.sh": scripts.START_WATCHER,
    "is-watching.sh": scripts.IS_WATCHING,
  };
}
