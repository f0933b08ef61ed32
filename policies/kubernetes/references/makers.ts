/**
 * What custom objects have others make in their namespace: names that a reference may point to
 * although no resource of the stack has them.
 */
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";

export const SECRET = "kubernetes:core:Secret";
export const CONFIG_MAP = "kubernetes:core:ConfigMap";
export const SERVICE = "kubernetes:core:Service";
export const CLAIM = "kubernetes:core:PersistentVolumeClaim";
export const ACCOUNT = "kubernetes:core:ServiceAccount";

/** A name that will be there, unknown while what it comes from is. */
export interface Made {
  readonly type: string;
  readonly name: string | undefined;
}

type Maker = (name: string | undefined, props: Value) => readonly Made[];

/** Names that begin with the maker's own. */
const suffixed =
  (suffixes: Readonly<Record<string, readonly string[]>>): Maker =>
  (name) =>
    Object.entries(suffixes).flatMap(([type, ends]) =>
      ends.map((end) => ({ type, name: name === undefined ? undefined : `${name}${end}` })),
    );

const nameAt =
  (type: string, ...path: readonly string[]): Maker =>
  (name, props) => {
    const value = props.get(...path);
    return [{ type, name: value.isMissing ? name : value.text }];
  };

const both =
  (...makers: readonly Maker[]): Maker =>
  (name, props) =>
    makers.flatMap((maker) => maker(name, props));

/** Every member of a list under a path, by a key. */
const each =
  (type: string, path: readonly string[], ...key: readonly string[]): Maker =>
  (_, props) =>
    props
      .get(...path)
      .list()
      .map((item) => ({ type, name: item.get(...key).text }));

/** An account's private key is kept in a Secret of a name that the Issuer gives. */
const acmeKey: Maker = (_, props) => {
  const value = props.get("spec", "acme", "privateKeySecretRef", "name");
  return value.isMissing ? [] : [{ type: SECRET, name: value.text }];
};

/** Type key → what such an object makes. */
const MAKERS: Readonly<Record<string, Maker>> = {
  "kubernetes:external-secrets.io:ExternalSecret": nameAt(SECRET, "spec", "target", "name"),
  "kubernetes:cert-manager.io:Certificate": nameAt(SECRET, "spec", "secretName"),
  "kubernetes:cert-manager.io:Issuer": acmeKey,
  "kubernetes:bitnami.com:SealedSecret": nameAt(SECRET, "spec", "template", "metadata", "name"),
  "kubernetes:secrets-store.csi.x-k8s.io:SecretProviderClass": each(
    SECRET,
    ["spec", "secretObjects"],
    "secretName",
  ),
  "kubernetes:kafka.strimzi.io:KafkaUser": suffixed({ [SECRET]: [""] }),
  "kubernetes:kafka.strimzi.io:Kafka": suffixed({
    [SECRET]: ["-cluster-ca-cert", "-cluster-ca", "-clients-ca-cert", "-clients-ca"],
    [SERVICE]: ["-kafka-bootstrap", "-kafka-brokers", "-kafka-external-bootstrap"],
    [ACCOUNT]: ["-kafka", "-entity-operator"],
  }),
  "kubernetes:postgresql.cnpg.io:Cluster": both(
    suffixed({
      [SECRET]: ["-app", "-superuser", "-ca", "-server", "-replication"],
      [SERVICE]: ["-rw", "-ro", "-r"],
      [ACCOUNT]: [""],
    }),
    each(
      SERVICE,
      ["spec", "managed", "services", "additional"],
      "serviceTemplate",
      "metadata",
      "name",
    ),
  ),
  "kubernetes:postgresql.cnpg.io:Pooler": suffixed({ [SERVICE]: [""], [ACCOUNT]: [""] }),
  "kubernetes:cdi.kubevirt.io:DataVolume": suffixed({ [CLAIM]: [""] }),
};

/** Groups and kinds that make nothing that is referred to by name. */
const IDLE: ReadonlySet<string> = new Set([
  "autoscaling.k8s.io",
  "barmancloud.cnpg.io",
  "dapr.io",
  "gateway.envoyproxy.io",
  "gateway.networking.k8s.io",
  "keda.sh",
  "snapshot.storage.k8s.io",
  "velero.io",
  "cert-manager.io:ClusterIssuer",
  "external-secrets.io:ClusterSecretStore",
  "external-secrets.io:PushSecret",
  "external-secrets.io:SecretStore",
  "kafka.strimzi.io:KafkaNodePool",
  "kafka.strimzi.io:KafkaTopic",
  "monitoring.coreos.com:AlertmanagerConfig",
  "monitoring.coreos.com:PodMonitor",
  "monitoring.coreos.com:Probe",
  "monitoring.coreos.com:PrometheusRule",
  "monitoring.coreos.com:ScrapeConfig",
  "monitoring.coreos.com:ServiceMonitor",
  "postgresql.cnpg.io:Backup",
  "postgresql.cnpg.io:Database",
  "postgresql.cnpg.io:ScheduledBackup",
]);

/** Groups that Kubernetes itself serves, whose objects make nothing but pods. */
const OWN = /^(core|apps|batch|extensions|policy|autoscaling|yaml|kustomize|[\w.]+\.k8s\.io)$/;

/** What an object makes; undefined where that is not known, so that it may be anything. */
export function madeBy(resource: StackResource): readonly Made[] | undefined {
  const key = typeKey(resource.type);
  const [provider, group = "", kind = ""] = key.split(":");
  if (provider !== "kubernetes") return [];
  const maker = MAKERS[key];
  if (maker !== undefined) {
    return maker(resource.props.get("metadata", "name").text, resource.props);
  }
  const isIdle = OWN.test(group) || IDLE.has(group) || IDLE.has(`${group}:${kind}`);
  return isIdle ? [] : undefined;
}
