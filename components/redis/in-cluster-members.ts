import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { quantity } from "../../systems/units";
import { storeConfig } from "./in-cluster-config";
import { memberLabels, metadata, namesOf, type InClusterRedisArguments } from "./in-cluster-names";
import { memberPod } from "./in-cluster-pod";
import * as scripts from "./in-cluster-scripts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The pod with its volume. `credentials` is a digest of the passwords that it uses and accepts. */
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
      metadata: metadata(args, names.service, labels),
      spec: {
        serviceName: names.members,
        replicas: 1,
        revisionHistoryLimit: 3,
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        minReadySeconds: 0,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: labels },
        template: podTemplate(args, credentials),
        volumeClaimTemplates: [dataVolume(args)],
      },
    },
    {
      ...options,
      protect: args.protect,
      customTimeouts: { create: "20m", update: "30m", delete: "10m" },
    },
  );
}

/** A change of its configuration or credentials restarts it. */
function podTemplate(args: InClusterRedisArguments, credentials: pulumi.Output<string>) {
  const { service } = namesOf(args);
  return {
    metadata: {
      labels: metadata(args, service, memberLabels(args)).labels,
      annotations: {
        "checksum/config": sha256(JSON.stringify(memberFiles(args))),
        "checksum/credentials": credentials,
      },
    },
    spec: memberPod(args),
  };
}

const dataVolume = (args: InClusterRedisArguments) => ({
  metadata: { name: "data" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: args.storageClass,
    resources: { requests: { storage: quantity(args.storage) } },
  },
});

/** What the pod reads at startup: a change restarts it. */
export const memberFiles = (args: InClusterRedisArguments): Record<string, string> => ({
  "valkey.conf": storeConfig(args),
  "is-alive.sh": scripts.IS_ALIVE,
  "is-ready.sh": scripts.IS_READY,
  "start.sh": scripts.START,
});
