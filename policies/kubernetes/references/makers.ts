/**
 * What custom objects create in their namespace: names that a reference may use although no
 * resource in the stack has them.
 */
import { perResource } from "../../per-resource";
import { typeKey } from "../../policy";
import type { Value } from "../../values";
import { isIdle } from "./kinds";
import {
  ACCOUNT,
  CLAIM,
  CONFIG_MAP,
  DEPLOYMENT,
  SECRET,
  SERVICE,
  STATEFUL_SET,
  both,
  each,
  fixed,
  made,
  nameAt,
  ownName,
  possible,
  suffixed,
  type Made,
  type Maker,
} from "./made";
import { isRunner } from "./runners";

export { ACCOUNT, CLAIM, CONFIG_MAP, SECRET, SERVICE } from "./made";

/** An ACME account's private key is stored in a Secret that the Issuer names, unless it must exist. */
const acmeKey: Maker = (props) => {
  const acme = props.get("spec", "acme");
  const value = acme.get("privateKeySecretRef", "name");
  const isGiven = acme.get("disableAccountKeyGeneration").boolean === true;
  return value.isMissing || isGiven ? [] : [made(SECRET, value)];
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

/** With another policy it only writes to a Secret that must exist. */
const external: Maker = (props) => {
  const policy = props.get("spec", "target", "creationPolicy");
  return policy.string === "Merge" || policy.string === "None"
    ? []
    : nameAt(SECRET, "spec", "target", "name")(props);
};

const vaultSecret: Maker = (props) => {
  const destination = props.get("spec", "destination");
  const isNew = destination.get("create");
  if (isNew.isMissing || isNew.boolean === false) return [];
  return [made(SECRET, destination.get("name"))];
};

/** https://cloudnative-pg.io/documentation/current/service_management/: `ro` and `r` can be switched off. */
const defaultServices: Maker = (props) => {
  const disabled = props.get("spec", "managed", "services", "disabledDefaultServices");
  const off = new Set(disabled.list().flatMap(({ string }) => string ?? []));
  const ends = ["rw", "ro", "r"].filter((end) => !off.has(end)).map((end) => `-${end}`);
  // The operator creates the last only where it is told to.
  return both(suffixed({ [SERVICE]: ends }), possible(suffixed({ [SERVICE]: ["-any"] })))(props);
};

/** https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s: each set of nodes has a Service and a StatefulSet. */
const nodeSets: Maker = (props) => {
  const own = ownName(props);
  return props
    .get("spec", "nodeSets")
    .listOrUnknown()
    .flatMap((set) => {
      const name = set.get("name");
      const isKnown = own.string !== undefined && name.string !== undefined;
      const title = isKnown ? `${own.string}-es-${name.string}` : undefined;
      return [SERVICE, STATEFUL_SET].map((type) => ({ type, from: name, name: title }));
    });
};

/** Type key → what such an object creates. */
const MAKERS: Readonly<Record<string, Maker>> = {
  "kubernetes:external-secrets.io:ExternalSecret": external,
  "kubernetes:cert-manager.io:Certificate": nameAt(SECRET, "spec", "secretName"),
  "kubernetes:cert-manager.io:Issuer": acmeKey,
  "kubernetes:networking.k8s.io:Ingress": certified((props) =>
    props
      .get("spec", "tls")
      .listOrUnknown()
      .map((tls) => tls.get("secretName")),
  ),
  "kubernetes:gateway.networking.k8s.io:Gateway": both(
    certified((props) =>
      props
        .get("spec", "listeners")
        .listOrUnknown()
        .flatMap((listener) => listener.get("tls", "certificateRefs").listOrUnknown())
        .map((ref) => ref.get("name")),
    ),
    // Envoy Gateway creates them here only where it is told to, otherwise in its own namespace.
    possible(suffixed({ [SERVICE]: [""], [ACCOUNT]: [""], [DEPLOYMENT]: [""] })),
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
        "-entity-topic-operator-cc-api",
      ],
      [CONFIG_MAP]: [
        "-kafka-config",
        "-entity-topic-operator-config",
        "-entity-user-operator-config",
      ],
      [SERVICE]: [
        "-kafka-bootstrap",
        "-kafka-brokers",
        "-cruise-control",
        "-zookeeper-client",
        "-zookeeper-nodes",
      ],
      [DEPLOYMENT]: ["-entity-operator", "-kafka-exporter", "-cruise-control"],
      [ACCOUNT]: ["-kafka", "-zookeeper", "-entity-operator", "-kafka-exporter", "-cruise-control"],
    }),
    outside,
    prefixed,
  ),
  "kubernetes:postgresql.cnpg.io:Cluster": both(
    suffixed({
      [SECRET]: ["-app", "-superuser", "-ca", "-server", "-replication", "-pull-secret", "-pooler"],
      [ACCOUNT]: [""],
    }),
    defaultServices,
    each(
      SERVICE,
      ["spec", "managed", "services", "additional"],
      "serviceTemplate",
      "metadata",
      "name",
    ),
  ),
  "kubernetes:postgresql.cnpg.io:Pooler": suffixed({
    [SERVICE]: [""],
    [ACCOUNT]: [""],
    [DEPLOYMENT]: [""],
  }),
  "kubernetes:apps:StatefulSet": unknownClaims,
  // https://www.rabbitmq.com/kubernetes/operator/using-operator
  "kubernetes:rabbitmq.com:RabbitmqCluster": suffixed({
    [SECRET]: ["-default-user", "-erlang-cookie"],
    [SERVICE]: ["", "-nodes"],
    [CONFIG_MAP]: ["-server-conf", "-plugins-conf"],
    [ACCOUNT]: ["-server"],
  }),
  // https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s
  "kubernetes:elasticsearch.k8s.elastic.co:Elasticsearch": both(
    suffixed({
      [SECRET]: [
        "-es-elastic-user",
        "-es-http-certs-public",
        "-es-http-certs-internal",
        "-es-transport-certs-public",
      ],
      [SERVICE]: ["-es-http", "-es-transport", "-es-internal-http"],
    }),
    nodeSets,
  ),
  "kubernetes:kibana.k8s.elastic.co:Kibana": suffixed({
    [SECRET]: ["-kb-http-certs-public"],
    [SERVICE]: ["-kb-http"],
  }),
  // The governing Services have fixed names.
  "kubernetes:monitoring.coreos.com:Prometheus": fixed(SERVICE, "prometheus-operated"),
  "kubernetes:monitoring.coreos.com:Alertmanager": fixed(SERVICE, "alertmanager-operated"),
  "kubernetes:monitoring.coreos.com:ThanosRuler": fixed(SERVICE, "thanos-ruler-operated"),
  "kubernetes:argoproj.io:EventSource": suffixed({ [SERVICE]: ["-eventsource-svc"] }),
  "kubernetes:triggers.tekton.dev:EventListener": (props) =>
    both(suffixed({ [SERVICE]: [""] }))(props).map((one) => ({
      ...one,
      ...(one.name === undefined ? {} : { name: `el-${one.name}` }),
    })),
  "kubernetes:serving.knative.dev:Service": suffixed({ [SERVICE]: [""] }),
  "kubernetes:ray.io:RayCluster": suffixed({ [SERVICE]: ["-head-svc"] }),
  "kubernetes:kafka.strimzi.io:KafkaBridge": suffixed({
    [SERVICE]: ["-bridge-service"],
    [DEPLOYMENT]: ["-bridge"],
    [ACCOUNT]: ["-bridge"],
  }),
  "kubernetes:kafka.strimzi.io:KafkaConnect": suffixed({
    [SERVICE]: ["-connect-api", "-connect"],
    [DEPLOYMENT]: ["-connect"],
    [ACCOUNT]: ["-connect"],
  }),
  "kubernetes:kafka.strimzi.io:KafkaMirrorMaker2": suffixed({
    [SERVICE]: ["-mirrormaker2-api", "-mirrormaker2"],
    [DEPLOYMENT]: ["-mirrormaker2"],
    [ACCOUNT]: ["-mirrormaker2"],
  }),
  "kubernetes:opentelemetry.io:OpenTelemetryCollector": suffixed({
    [SERVICE]: ["-collector", "-collector-headless", "-collector-monitoring", "-targetallocator"],
    [ACCOUNT]: ["-collector"],
    [CONFIG_MAP]: ["-collector"],
  }),
  "kubernetes:secrets.hashicorp.com:VaultStaticSecret": vaultSecret,
  "kubernetes:secrets.hashicorp.com:VaultDynamicSecret": vaultSecret,
  "kubernetes:secrets.hashicorp.com:VaultPKISecret": vaultSecret,
  "kubernetes:onepassword.com:OnePasswordItem": suffixed({ [SECRET]: [""] }),
  "kubernetes:cdi.kubevirt.io:DataVolume": suffixed({ [CLAIM]: [""] }),
};

/** What an object is known to create; undefined if nothing is known. What it may create besides is in whole.ts. */
export const madeBy = perResource((resource): readonly Made[] | undefined => {
  const key = typeKey(resource.type);
  const [provider, group = "", kind = ""] = key.split(":");
  if (provider !== "kubernetes") return [];
  const maker = MAKERS[key];
  if (maker !== undefined) return maker(resource.props);
  return isIdle(group, kind) || isRunner(key) ? [] : undefined;
});
