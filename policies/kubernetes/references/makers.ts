/**
 * What custom objects create in their namespace: names that a reference may use although no
 * resource in the stack has them.
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

/** The created object; undefined if its name is unknown. */
export interface Made {
  readonly type: string;
  readonly name: string | undefined;
  /** The source of the name. */
  readonly from: Value;
}

type Maker = (props: Value) => readonly Made[];

const made = (type: string, from: Value, name = from.string): Made => ({ type, from, name });

const ownName = (props: Value): Value => props.get("metadata", "name");

/** Names that start with the custom object's own. */
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

/** A name from a field, by default the custom object's own. */
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

/** Every element of a list, by a key. */
const each =
  (type: string, path: readonly string[], ...key: readonly string[]): Maker =>
  (props) =>
    props
      .get(...path)
      .listOrUnknown()
      .map((item) => made(type, item.get(...key)));

/** An ACME account's private key is stored in a Secret that the Issuer names. */
const acmeKey: Maker = (props) => {
  const value = props.get("spec", "acme", "privateKeySecretRef", "name");
  return value.isMissing ? [] : [made(SECRET, value)];
};

/** With these annotations cert-manager creates a Certificate for an Ingress or a Gateway. */
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

/** External listeners have their own Services, including one for each broker. */
const outside: Maker = (props) => {
  const listeners = props.get("spec", "kafka", "listeners");
  const types = listeners.list().map((listener) => listener.get("type"));
  return [listeners, ...types]
    .filter(({ isUnknown, string = "internal" }) => isUnknown || string !== "internal")
    .map((from) => ({ type: SERVICE, from, name: undefined }));
};

/** User Secrets get a prefix. */
const prefixed: Maker = (props) => {
  const prefix = props.get("spec", "entityOperator", "userOperator", "secretPrefix");
  return prefix.isMissing ? [] : [{ type: SECRET, from: prefix, name: undefined }];
};

/** Names of the claims that a StatefulSet creates for its members, while unknown. */
const unknownClaims: Maker = (props) =>
  props
    .get("spec", "volumeClaimTemplates")
    .listOrUnknown()
    .flatMap((template) => [template.get("metadata", "name"), ownName(props)])
    .filter(({ isUnknown }) => isUnknown)
    .map((from) => made(CLAIM, from));

/** Type key → what such an object creates. */
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
  // The Secret always has the name of the SealedSecret.
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

/** Groups and kinds that create nothing that is referred to by name. */
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

/** Built-in Kubernetes groups, whose objects create only pods. */
const OWN = /^(core|apps|batch|extensions|policy|autoscaling|yaml|kustomize|[\w.]+\.k8s\.io)$/;

/** What an object creates; undefined if unknown, in which case it may be anything. */
export function madeBy(resource: StackResource): readonly Made[] | undefined {
  const key = typeKey(resource.type);
  const [provider, group = "", kind = ""] = key.split(":");
  if (provider !== "kubernetes") return [];
  const maker = MAKERS[key];
  if (maker !== undefined) return maker(resource.props);
  const isIdle = OWN.test(group) || IDLE.has(group) || IDLE.has(`${group}:${kind}`);
  return isIdle ? [] : undefined;
}

/**
 * Where a resource sets its namespace, or the one that it installs into: charts have a property for
 * that.
 */
export function placeAt({ type, props }: StackResource): Value {
  return CHARTS.has(typeKey(type)) ? props.get("namespace") : props.get("metadata", "namespace");
}

/** The namespace in which an object creates others; `ANY` while unknown. */
export function placeOf(resource: StackResource): string {
  const place = placeAt(resource);
  if (place.isUnknown) return ANY;
  if (place.string !== undefined || CHARTS.has(typeKey(resource.type)))
    return place.string ?? "default";
  // An unknown kind without a namespace may be cluster-scoped.
  return madeBy(resource) === undefined ? ANY : "default";
}
