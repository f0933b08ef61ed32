import * as pulumi from "@pulumi/pulumi";
import { cores, gib, mib, millicores } from "../../systems/units";
import type { Account } from "../identity/contract";
import type { ObjectStore } from "../object-store/contract";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";

/** Arguments for tests: only the required ones. */
export const bare: CloudNativePgArguments = {
  zones: ["z-1", "z-2"],
  clusterName: "rides",
  namespace: "bikes",
  system: "bikes",
  instances: 3,
  resources: {
    requests: { cpu: millicores(700), memory: gib(2) },
    limits: { cpu: cores(3), memory: gib(5) },
  },
  storage: gib(23),
  storageClass: "quick",
  database: "tours",
  owner: "keeper",
  allowFrom: [{ podSelector: { matchLabels: { role: "client" } } }],
  monitoringNamespace: "watch",
  operatorNamespace: "runs-it",
  protect: true,
};

export const inCluster: CloudNativePgArguments = {
  ...bare,
  version: "16",
  extensions: ["pg_stat_statements"],
  labels: { app: "postgres" },
  nodes: { pool: "work" },
};

/** `mib` is rarely a round number, so that a rounded quarter is visible. */
export const oddMemory = mib(1001);

/** The operator's custom resources, without computed properties. */
export const SERVED = {
  "kubernetes:postgresql.cnpg.io/v1:Cluster": {},
  "kubernetes:postgresql.cnpg.io/v1:Database": {},
  "kubernetes:postgresql.cnpg.io/v1:Pooler": {},
  "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup": {},
  "kubernetes:barmancloud.cnpg.io/v1:ObjectStore": {},
};

type Asked = { readonly name: string; readonly account: Account }[];

/** A bucket that creates nothing, and records who requested access. */
export function bucket(
  dialect: ObjectStore["dialect"],
  keys: boolean,
  changes: { readonly bucket?: string; readonly region?: string } = {},
): ObjectStore & { readonly asked: Asked } {
  const asked: Asked = [];
  const email = pulumi.output("bikes@project.iam.example.com");
  const fake = {
    asked,
    dialect,
    endpoint: pulumi.output("objects.example.com"),
    bucket: pulumi.output(changes.bucket ?? "the-bucket"),
    region: changes.region ?? "north-7",
    credentials: keys
      ? { accessKey: pulumi.secret("the-access-key"), secretKey: pulumi.secret("the-secret-key") }
      : undefined,
    grant(name: string, account: Account) {
      asked.push({ name, account });
      return {
        annotations: dialect === "GCS" && !keys ? { "iam.gke.io/gcp-service-account": email } : {},
        ready: [],
      };
    },
    reach: [{ kind: "internet", port: 443 }],
    ready: [],
  };
  return fake as unknown as ObjectStore & { readonly asked: Asked };
}
