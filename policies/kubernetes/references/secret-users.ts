/**
 * Where custom resources name Secrets, ConfigMaps and ServiceAccounts, and in which namespace their operator looks for
 * them: from the definitions of the kinds, and the operators' documentation.
 */
import { perResource } from "../../per-resource";
import { finding, typeKey, type CheckContext, type Stack, type StackResource } from "../../policy";
import type { Value } from "../../values";
import { chartsOf } from "./charts";
import { ACCOUNT, CONFIG_MAP, SECRET } from "./made";
import type { Reference } from "./reference";

/** In which namespace an operator looks. */
type Place = (from: StackResource, ref: Value, stack: Stack) => Value | undefined;

/** In that of the object; what a reference says besides is ignored, or refused by the operator. */
const own: Place = (from) => from.props.get("metadata", "namespace");

/** As each reference says, by default in that of the object. */
const said: Place = (from, ref, stack) => {
  const namespace = ref.get("namespace");
  return namespace.isMissing ? own(from, ref, stack) : namespace;
};

/** In that of the operator, which its chart tells; a value of the chart may say another. */
const ofOperator =
  (chart: string, ...value: readonly string[]): Place =>
  (from, _, stack) => {
    const release = chartsOf(stack, chart).find(({ provider }) => provider === from.provider);
    const given = release?.props.get("values", ...value);
    return given?.isMissing === false && given.string !== "" && value.length > 0
      ? given
      : release?.props.get("namespace");
  };

interface User {
  readonly place: Place;
  /** Names that the operator creates, by the key above them. */
  readonly creates?: RegExp;
  /** Whether the Secrets are those of a store that is not the cluster's. */
  readonly isElsewhere?: (props: Value) => boolean;
}

const inOwn: User = { place: own };

/** Dapr reads from another store where `auth.secretStore` names one: https://docs.dapr.io/operations/components/component-secrets/ */
const dapr: User = {
  place: own,
  isElsewhere: (props) => {
    const store = props.get("auth", "secretStore");
    return !store.isMissing && store.string !== "kubernetes";
  },
};

/** The key of an ACME account is created, unless the issuer is told not to. */
const ISSUES = /^privateKeySecretRef$/;

const USERS: Readonly<Record<string, User>> = {
  // https://cert-manager.io/docs/configuration/#cluster-resource-namespace
  "kubernetes:cert-manager.io:Issuer": { place: own, creates: ISSUES },
  "kubernetes:cert-manager.io:ClusterIssuer": {
    place: ofOperator("cert-manager", "clusterResourceNamespace"),
    creates: ISSUES,
  },
  "kubernetes:cert-manager.io:Certificate": { place: own, creates: /^secretName$/ },
  // https://prometheus-operator.dev/docs/api-reference/api/: "in the same namespace as the object"
  "kubernetes:monitoring.coreos.com:AlertmanagerConfig": inOwn,
  "kubernetes:monitoring.coreos.com:ServiceMonitor": inOwn,
  "kubernetes:monitoring.coreos.com:PodMonitor": inOwn,
  "kubernetes:monitoring.coreos.com:Probe": inOwn,
  "kubernetes:monitoring.coreos.com:ScrapeConfig": inOwn,
  // https://keda.sh/docs/latest/concepts/authentication/: those of the cluster in KEDA's namespace
  "kubernetes:keda.sh:TriggerAuthentication": inOwn,
  "kubernetes:keda.sh:ClusterTriggerAuthentication": { place: ofOperator("keda") },
  "kubernetes:dapr.io:Component": dapr,
  "kubernetes:dapr.io:HTTPEndpoint": dapr,
  "kubernetes:dapr.io:Configuration": inOwn,
  // https://external-secrets.io/latest/api/secretstore/: a ClusterSecretStore says the namespace of each
  "kubernetes:external-secrets.io:SecretStore": inOwn,
  "kubernetes:external-secrets.io:ClusterSecretStore": {
    place: (_, ref) => (ref.get("namespace").isMissing ? undefined : ref.get("namespace")),
  },
  "kubernetes:kafka.strimzi.io:Kafka": inOwn,
  "kubernetes:kafka.strimzi.io:KafkaUser": inOwn,
  "kubernetes:kafka.strimzi.io:KafkaConnect": inOwn,
  "kubernetes:kafka.strimzi.io:KafkaBridge": inOwn,
  "kubernetes:kafka.strimzi.io:KafkaMirrorMaker2": inOwn,
  "kubernetes:postgresql.cnpg.io:Cluster": inOwn,
  "kubernetes:postgresql.cnpg.io:Pooler": inOwn,
  "kubernetes:barmancloud.cnpg.io:ObjectStore": inOwn,
  "kubernetes:velero.io:BackupStorageLocation": inOwn,
  "kubernetes:velero.io:VolumeSnapshotLocation": inOwn,
  // https://gateway.envoyproxy.io/docs/api/extension_types/: another namespace needs a ReferenceGrant
  "kubernetes:gateway.envoyproxy.io:SecurityPolicy": { place: said },
  "kubernetes:gateway.envoyproxy.io:ClientTrafficPolicy": { place: said },
};

interface Found {
  readonly to: string;
  readonly ref: Value;
  readonly name: Value;
  readonly key?: Value;
}

/** A ConfigMap, where the key or the reference itself says so; otherwise a Secret. */
const kindOf = (key: string, ref: Value): string =>
  /configMap/i.test(key) ||
  [ref.get("kind"), ref.get("type")].some(({ string }) => string === "ConfigMap")
    ? CONFIG_MAP
    : SECRET;

/** Keys above a reference by name alone. */
const NAMED = /(secretRef|SecretRef|[a-z]Secret|^secret|[cC]onfigMap(Ref|KeyRef)?)$/;
/** Pairs of a name and a key that name neither Secret nor ConfigMap. */
const OTHER = /^imageCatalogRef$/;

/** What an object below a key refers to: `{ name, key }`, or `{ name }` where the key says what it is. */
function refAt(key: string, value: Value): Found | undefined {
  const [name, inner] = [value.get("name"), value.get("key")];
  if (name.isMissing || OTHER.test(key)) return undefined;
  if (!inner.isMissing) return { to: kindOf(key, value), ref: value, name, key: inner };
  if (/serviceAccountRef$/.test(key)) return { to: ACCOUNT, ref: value, name };
  return NAMED.test(key) ? { to: kindOf(key, value), ref: value, name } : undefined;
}

/** A Secret's name as a plain text, or what is not known yet. */
function textAt(key: string, value: Value): readonly Found[] {
  const isName = /(^s|S)ecretName$/.test(key) || (value.isUnknown && NAMED.test(key));
  return isName ? [{ to: kindOf(key, value), ref: value, name: value }] : [];
}

/** Deeper nesting than any of the kinds has. */
const DEPTH = 16;

/** @param key the last key of the path that is no position in a list */
function below(
  key: string,
  value: Value,
  creates: RegExp | undefined,
  depth = 0,
): readonly Found[] {
  if (depth > DEPTH || creates?.test(key) === true || value.get("optional").boolean === true)
    return [];
  if (value.isUnknown || value.string !== undefined) return textAt(key, value);
  const found = refAt(key, value);
  if (found !== undefined) return [found];
  const items = value.list().map((item) => [key, item] as const);
  return [...items, ...value.entries()].flatMap(([own_, each]) =>
    below(own_, each, creates, depth + 1),
  );
}

/** What an object refers to, of whichever kind. */
const foundIn = perResource(({ type, props }): readonly Found[] => {
  const user = USERS[typeKey(type)];
  if (user === undefined || user.isElsewhere?.(props) === true) return [];
  const isKept = props.get("spec", "acme", "disableAccountKeyGeneration").boolean === true;
  return below("spec", props.get("spec"), isKept ? undefined : user.creates);
});

function usedBy(from: StackResource, stack: Stack): readonly (Reference & { isPlaced: boolean })[] {
  const user = USERS[typeKey(from.type)];
  return foundIn(from).map(({ to, ref, name, key }) => {
    const namespace = user?.place(from, ref, stack);
    return {
      ...{ from, to, value: name, isPlaced: namespace !== undefined },
      ...(namespace === undefined ? {} : { namespace }),
      ...(key === undefined ? {} : { key }),
    };
  });
}

/**
 * The references of all such objects to a kind. One whose namespace only the operator knows is left undecided, if no
 * chart of the stack installs it.
 */
export function ofCustom(stack: Stack, to: string, context: CheckContext): readonly Reference[] {
  const all = stack.of(...Object.keys(USERS)).flatMap((from) => usedBy(from, stack));
  return all.filter((reference) => {
    if (reference.to !== to) return false;
    const { from, value, isPlaced } = reference;
    if (isPlaced || context.noteUnknown(value, from.urn)) return isPlaced;
    const expected =
      "not judged, because its namespace is that of the operator, which nothing here installs";
    context.leaveUndecided(finding(from, value, expected), from.urn);
    return false;
  });
}
