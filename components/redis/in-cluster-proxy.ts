import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mib, millicores } from "../../systems/units";
import { IMAGES } from "../../versions";
import { containerResources } from "../kit/labels";
import { restrictedContainer, restrictedPod } from "../kit/security";
import { PATHS, PROXY_METRICS_PORT, proxyConfig, STORE_PORT } from "./in-cluster-config";
import {
  metadata,
  namesOf,
  proxyLabels,
  spread,
  type InClusterRedisArguments,
  type Names,
} from "./in-cluster-names";

const CONFIG = "/etc/haproxy";

/** Two proxies that lead each connection to whoever is the primary, without reading it. */
export function createProxy(
  name: string,
  args: InClusterRedisArguments,
  options: pulumi.CustomResourceOptions,
): k8s.apps.v1.Deployment {
  const names = namesOf(args);
  const matchLabels = proxyLabels(args);
  const config = proxyConfig(names.hosts);
  const map = new k8s.core.v1.ConfigMap(
    `${name}-config`,
    { metadata: metadata(args, names.proxy, matchLabels), data: { "haproxy.cfg": config } },
    options,
  );
  new k8s.policy.v1.PodDisruptionBudget(
    `${name}-budget`,
    {
      metadata: metadata(args, names.proxy, matchLabels),
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels },
      },
    },
    options,
  );
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadata(args, names.proxy, matchLabels),
      spec: {
        replicas: 2,
        revisionHistoryLimit: 3,
        selector: { matchLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: {
            labels: metadata(args, names.proxy, matchLabels).labels,
            annotations: {
              "checksum/config": createHash("sha256").update(config).digest("hex"),
            },
          },
          spec: pod(args, names, map),
        },
      },
    },
    options,
  );
}

function pod(
  args: InClusterRedisArguments,
  names: Names,
  config: k8s.core.v1.ConfigMap,
): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: names.service,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    nodeSelector: { ...args.nodes },
    topologySpreadConstraints: spread(proxyLabels(args)),
    terminationGracePeriodSeconds: 45,
    containers: [container(names)],
    volumes: [
      { name: "config", configMap: { name: config.metadata.name, defaultMode: 0o444 } },
      // Of the certificate it needs no more than who signed it.
      {
        name: "tls",
        secret: {
          secretName: names.tls,
          items: [{ key: "ca.crt", path: "ca.crt" }],
          defaultMode: 0o440,
        },
      },
    ],
  };
}

function container(names: Names): k8s.types.input.core.v1.Container {
  const probe = { httpGet: { path: "/healthz", port: "metrics" } };
  return {
    name: "haproxy",
    image: IMAGES.haproxy,
    imagePullPolicy: "IfNotPresent",
    command: ["haproxy", "-W", "-db", "-f", `${CONFIG}/haproxy.cfg`],
    env: [
      {
        name: "INTERNAL_PASSWORD",
        valueFrom: { secretKeyRef: { name: names.credentials, key: "internal" } },
      },
    ],
    ports: [
      { name: "redis", containerPort: STORE_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: PROXY_METRICS_PORT, protocol: "TCP" },
    ],
    resources: containerResources({
      requests: { cpu: millicores(50), memory: mib(64) },
      limits: { memory: mib(256) },
    }),
    securityContext: restrictedContainer(),
    // Ready also while there is no primary: what to do about it is not the proxy's to know.
    readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 4 },
    // Out of the Service first, out of the way of open connections then.
    lifecycle: { preStop: { sleep: { seconds: 10 } } },
    volumeMounts: [
      { name: "config", mountPath: CONFIG, readOnly: true },
      { name: "tls", mountPath: PATHS.tls, readOnly: true },
    ],
  };
}
