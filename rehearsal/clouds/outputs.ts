/**
 * For tests: a cloud and a cluster that create whatever they are asked for, for a played `up`. Every
 * output that the SDK declares as a string, a number or a list of strings gets a plausible value, so
 * the program computes with known values as it does in an `up`, and policies see what only an `up`
 * shows them. It refuses nothing: what a real API refuses has tests beside the components.
 */
import { createHash } from "node:crypto";
import type { Created } from "../../offline/update";
import { isObject, type Wire, type WireObject } from "../../offline/wire";
import { secretOf } from "../../offline/properties";
import { declaredOutputs } from "./declared";
import { admitted, type Asked } from "./objects";

/** A certificate in form only. */
const PEM = `-----BEGIN CERTIFICATE-----\n${"QUJD".repeat(16)}\n-----END CERTIFICATE-----\n`;
const BASE64 = Buffer.from(PEM).toString("base64");

/** Outputs that are objects, or whose form matters to the program, by type. */
const PARTICULAR: Readonly<Record<string, WireObject>> = {
  "aws:eks/cluster:Cluster": {
    certificateAuthority: { data: BASE64 },
    identities: [{ oidcs: [{ issuer: "https://oidc.example.com/id/AB12" }] }],
    vpcConfig: { clusterSecurityGroupId: "sg-0a1b2c3d4e5f", vpcId: "vpc-0a1b2c3d4e5f" },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    resources: [{ autoscalingGroups: [{ name: "eks-nodes-1c2d" }] }],
  },
  "digitalocean:index/databaseCluster:DatabaseCluster": {
    privateUri: secretOf("private.db.example.com:25073"),
    uri: secretOf("db.example.com:25073"),
  },
  "digitalocean:index/kubernetesCluster:KubernetesCluster": {
    kubeConfigs: secretOf([{ clusterCaCertificate: BASE64, token: "short-lived" }]),
  },
  "gcp:container/cluster:Cluster": {
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: "gke-1c2d.example.com" } },
    masterAuth: { clusterCaCertificate: BASE64 },
  },
  "gcp:redis/instance:Instance": { serverCaCerts: [{ cert: PEM }] },
  "gcp:sql/databaseInstance:DatabaseInstance": { serverCaCerts: [{ cert: PEM }] },
  "random:index/randomPassword:RandomPassword": {
    result: secretOf("gEn3rated-Passw0rd-0f-32-chars-x"),
  },
};

/** By the name of the output; the first that matches. */
const TEXTS: readonly (readonly [RegExp, (asked: Asked) => string])[] = [
  [
    /^arn$|Arn$/u,
    ({ type, name }) => `arn:aws:${type.split(/[:/]/u)[1] ?? ""}:eu-west-1:123456789012:${name}`,
  ],
  [/cidr/iu, () => "10.99.0.0/20"],
  [/certificate|^ca|caCert|publicKey/iu, () => PEM],
  [/ipAddress|ipv4Address|^ip$|privateIp|primaryIp/iu, () => "10.99.0.5"],
  [/selfLink|url$|uri$/iu, ({ name }) => `https://cloud.example.com/${name}`],
  [/email$/iu, ({ name }) => `${name}@bikes.iam.example.com`],
  [/member$/iu, ({ name }) => `serviceAccount:${name}@bikes.iam.example.com`],
  [/host|endpoint|address|domain|dnsName/iu, ({ name }) => `${name}.cloud.example.com`],
  [/port$/iu, () => "5432"],
  [/createdAt|updatedAt|time$/iu, () => "2026-11-30T00:00:00Z"],
  [/version/iu, () => "1"],
];

/** Everything that this cloud answers when it created a resource. */
export function create(asked: Asked): Created {
  const { type, inputs, name } = asked;
  const digest = createHash("sha256").update(asked.urn).digest("hex");
  if (type.startsWith("kubernetes:")) return admitted(asked, digest);
  const id = asked.options.importId || `${name}-${digest.slice(0, 8)}`;
  const declared = [...declaredOutputs(type)].flatMap(([key, kind]) => {
    const value = plausible(kind, key, asked);
    return value === undefined ? [] : [[key, value] as const];
  });
  const particular = completed(inputs, PARTICULAR[type] ?? {});
  return { id, outputs: { ...Object.fromEntries(declared), ...particular, id } };
}

/** The inputs, and what the cloud adds to them at any depth. */
export function completed(inputs: WireObject, added: WireObject): WireObject {
  const entries = Object.entries(added).map(([key, value]) => {
    const given = inputs[key];
    return [key, isObject(given) && isObject(value) ? completed(given, value) : value] as const;
  });
  return { ...inputs, ...Object.fromEntries(entries) };
}

function plausible(kind: string, key: string, asked: Asked): Wire | undefined {
  switch (kind) {
    case "string":
      return text(key, asked);
    case "string[]":
      return [text(key, asked)];
    case "number":
      return /port/iu.test(key) ? 5432 : 3;
    case "boolean":
      return false;
    default:
      return undefined;
  }
}

const text = (key: string, asked: Asked): string =>
  TEXTS.find(([pattern]) => pattern.test(key))?.[1](asked) ?? `${asked.name}-${key}`;
