/**
 * What custom objects have others make in their namespace: names that a reference may point to
 * although no resource of the stack has them.
 */
import { ANY } from "../objects";
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";

export const SECRET = "kubernetes:core:Secret";
export const CONFIG_MAP = "kubernetes:core:ConfigMap";
export const SERVICE = "kubernetes:core:Service";
export const CLAIM = "kubernetes:core:PersistentVolumeClaim";
export const ACCOUNT = "kubernetes:core:ServiceAccount";

const CHARTS: ReadonlySet<string> = new Set([
  "kubernetes:helm.sh:Release",
  "kubernetes:helm.sh:Chart",
]);

/** What will be there; undefined where its name is not known. */
export interface Made {
  readonly type: string;
  readonly name: string | undefined;
  /** What the name comes from. */
  readonly from: Value;
}

type Maker = (props: Value) => readonly Made[];

const made = (type: string, from: Value, name = from.string): Made => ({ type, from, name });

const ownName = (props: Value): Value => props.get("metadata", "name");

/** Names that begin with the maker's own. */
const suffixed =
  (suffixes: Readonly<Record<string, readonly string[]>>): Maker =>
  (props) => {
    const own = ownName(props);
    const named = (end: string): string | undefined =>
      own.string === undefined ? undefined : `${own.string}${end}`;
    return Object.entries(suffixes).flatMap(([type, ends]) =>
      ends.map((end) => ({ type, from: own, name: named(end) })),
    );
  };

/** A name that is written, and by default the maker's own. */
const nameAt =
  (type: string, ...path: readonly string[]): Maker =>
  (props) => {
    const value = props.get(...path);
    return [made(type, value.isMissing ? ownName(props) : value)];
  };

const both =
  (...makers: readonly Maker[]): Maker =>
  (props) =>
    makers.flatMap((maker) => maker(props));

/** Every member of a list under a path, by a key. */
const each =
  (type: string, path: readonly string[], ...key: readonly string[]): Maker =>
  (props) =>
    props
      .get(...path)
      .listOrUnknown()
      .map((item) => made(type, item.get(...key)));

/** An account's private key is kept in a Secret of a name that the Issuer gives. */
const acmeKey: Maker = (props) => {
  const value = props.get("spec", "acme", "privateKeySecretRef", "name");
  return value.isMissing ? [] : [made(SECRET, value)];
};

/** By these annotations cert-manager makes a Certificate for an Ingress or a Gateway. */
const ISSUERS = [
  "cert-manager.io/issuer",
  "cert-manager.io/cluster-issuer",
  "kubernetes.io/tls-acme",
];

const certified =
  (names: (props: Value) => readonly Value[]): Maker =>
  (props) => {
    const annotations = props.get("metadata", "annotations");
    const issuer = ISSUERS.map((key) => annotations.get(key)).find(({ isMissing }) => !isMissing);
    if (issuer === undefined) return [];
    return names(props).map((name) => made(SECRET, issuer.isUnknown ? issuer : name));
  };

/** Listeners for clients outside of the cluster have Services of their own, one for each broker too. */
const outside: Maker = (props) => {
  const listeners = props.get("spec", "kafka", "listeners");
  const types = listeners.list().map((listener) => listener.get("type"));
  return [listeners, ...types]
    .filter(({ isUnknown, string = "internal" }) => isUnknown || string !== "internal")
    .map((from) => ({ type: SERVICE, from, name: undefined }));
};

/** The Secrets of users get a prefix. */
const prefixed: Maker = (props) => {
  const prefix = props.get("spec", "entityOperator", "userOperator", "secretPrefix");
  return prefix.isMissing ? [] : [{ type: SECRET, from: prefix, name: undefined }];
};

/** Names of claims that a set makes for its members, while they are unknown. */
const unknownClaims: Maker = (props) =>
  props
    .get("spec", "volumeClaimTemplates")
    .listOrUnknown()
    .flatMap((template) => [template.get("metadata", "name"), ownName(props)])
    .filter(({ isUnknown }) => isUnknown)
    .map((from) => made(CLAIM, from));

/** Type key → what such an object makes. */
const MAKERS: Readonly<Record<string, Maker>> = {
  "kubernetes:external-secrets.io:ExternalSecret": nameAt(SECRET, "spec", "target", "name"),
  "kubernetes:cert-manager.io:Certificate": nameAt(SECRET, "spec", "secretName"),
  "kubernetes:cert-manager.io:Issuer": acmeKey,
  "kubernetes:networking.k8s.io:Ingress": certified((props) =>
    props
      .get("spec", "tls")
      .listOrUnknown()
      .map((tls) => tls.get("secretName")),
  ),
  "kubernetes:gateway.networking.k8s.io:Gateway": certified((props) =>
    props
      .get("spec", "listeners")
      .listOrUnknown()
      .flatMap((listener) => listener.get("tls", "certificateRefs").listOrUnknown())
      .map((ref) => ref.get("name")),
  ),
  // Whatever its template says, the Secret has the name of the SealedSecret.
  "kubernetes:bitnami.com:SealedSecret": suffixed({ [SECRET]: [""] }),
  "kubernetes:secrets-store.csi.x-k8s.io:SecretProviderClass": each(
    SECRET,
    ["spec", "secretObjects"],
    "secretName",
  ),
  "kubernetes:kafka.strimzi.io:KafkaUser": suffixed({ [SECRET]: [""] }),
  "kubernetes:kafka.strimzi.io:Kafka": both(
    suffixed({
      [SECRET]: [
        "-cluster-ca-cert",
        "-cluster-ca",
        "-clients-ca-cert",
        "-clients-ca",
        "-cluster-operator-certs",
        "-kafka-brokers",
        "-kafka-jmx",
        "-entity-topic-operator-certs",
        "-entity-user-operator-certs",
        "-kafka-exporter-certs",
        "-cruise-control-certs",
        "-cruise-control-api",
      ],
      [CONFIG_MAP]: ["-entity-topic-operator-config", "-entity-user-operator-config"],
      [SERVICE]: ["-kafka-bootstrap", "-kafka-brokers", "-cruise-control"],
      [ACCOUNT]: ["-kafka", "-entity-operator", "-kafka-exporter", "-cruise-control"],
    }),
    outside,
    prefixed,
  ),
  "kubernetes:postgresql.cnpg.io:Cluster": both(
    suffixed({
      [SECRET]: ["-app", "-superuser", "-ca", "-server", "-replication", "-pull-secret", "-pooler"],
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
  "kubernetes:apps:StatefulSet": unknownClaims,
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
  if (maker !== undefined) return maker(resource.props);
  const isIdle = OWN.test(group) || IDLE.has(group) || IDLE.has(`${group}:${kind}`);
  return isIdle ? [] : undefined;
}

/** Where a resource says in which namespace it lies, or installs: charts have a property for that. */
export function placeAt({ type, props }: StackResource): Value {
  return CHARTS.has(typeKey(type)) ? props.get("namespace") : props.get("metadata", "namespace");
}

/** The namespace in which an object makes what it makes; `ANY` while that is unknown. */
export function placeOf(resource: StackResource): string {
  const place = placeAt(resource);
  if (place.isUnknown) return ANY;
  if (place.string !== undefined || CHARTS.has(typeKey(resource.type)))
    return place.string ?? "default";
  // An unheard-of object without a namespace may be of the whole cluster.
  return madeBy(resource) === undefined ? ANY : "default";
}
