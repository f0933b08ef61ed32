/**
 * Changes that are not noticed, and why that is no fault of the policies: data, printed with the share. What is not here
 * and not noticed counts as missed.
 */
import type { Key } from "../../policies/values";
import type { Change, Excuse } from "./plans";
import { shapeOf } from "./plans";
import { repositoryOf, valueAt, type Names } from "./plans-names";

const ADDRESS = "The peers are addresses, or anything: their ports are in no plan.";

const isAddress = (peer: unknown): boolean =>
  valueAt(peer, ["ipBlock"]) !== undefined || JSON.stringify(peer) === '{"namespaceSelector":{}}';

const textAt = (inputs: unknown, path: readonly Key[]): string => {
  const value = valueAt(inputs, path);
  return typeof value === "string" ? value : "";
};

/** Whether the plan does not show the keys of the Secret or ConfigMap that a reference names. */
function hasNoKeys(inputs: unknown, path: readonly Key[], { keyed }: Names): boolean {
  const [beside, above] = [path.slice(0, -1), path.slice(0, -3)];
  const named = [
    [...beside, "name"],
    [...above, "secretName"],
    [...above, "name"],
  ].map((at) => textAt(inputs, at));
  return !named.some((name) => keyed.has(name));
}

const isUnnamed =
  (of: keyof Names["portNames"]): NonNullable<Excuse["when"]> =>
  (inputs, path, { portNames }) =>
    !portNames[of].has(textAt(inputs, path));

export const EXCUSES: readonly Excuse[] = [
  {
    kinds: ["key"],
    type: /:(Deployment|StatefulSet|CronJob|Job|Component|TriggerAuthentication|KafkaUser|ClusterIssuer|AlertmanagerConfig|Issuer|Cluster)$/,
    path: /(secretKeyRef|secretTargetRef|items|tokenSecretRef|apiURL|routingKey)\.key$|SecretRef\.key$/,
    when: hasNoKeys,
    reason:
      "The Secret's data is unknown or secret in a plan, or an operator writes it: the update checks the key, and a preview counts it as undecided.",
  },
  {
    kinds: ["key"],
    type: /:ExternalSecret$/,
    path: /remoteRef\.(key|property)$/,
    reason: "What is in the secret store is in no plan.",
  },
  {
    kinds: ["port"],
    type: /:NetworkPolicy$/,
    path: /^spec\.egress\.ports\.(port|endPort)$/,
    when: (inputs, path) => {
      const to = valueAt(inputs, [...path.slice(0, 3), "to"]);
      return !Array.isArray(to) || to.some(isAddress);
    },
    reason: ADDRESS,
  },
  {
    kinds: ["port"],
    type: /:core:Service$/,
    path: /^spec\.ports\.name$/,
    when: isUnnamed("services"),
    reason: "Nothing in the plan refers to the port by that name.",
  },
  {
    kinds: ["port"],
    type: /:(Deployment|StatefulSet|CronJob|Job)$/,
    path: /containers\.ports\.name$/,
    when: isUnnamed("containers"),
    reason: "Nothing in the plan refers to the port by that name.",
  },
  {
    kinds: ["port"],
    type: /:core:Service$/,
    path: /^spec\.ports\.port$/,
    when: (inputs, path, { usedPorts }) =>
      !usedPorts.has(`${textAt(inputs, ["metadata", "name"])}:${String(valueAt(inputs, path))}`) &&
      valueAt(inputs, ["spec", "clusterIP"]) !== "None",
    reason: "Nothing in the plan uses that port of the Service.",
  },
  {
    kinds: ["host"],
    type: /:Certificate$/,
    path: /^spec\.commonName$/,
    when: (inputs) => valueAt(inputs, ["spec", "isCA"]) === true,
    reason: "The common name of an authority is a title: nothing is compared with it.",
  },
  {
    kinds: ["port"],
    type: /:core:Service$/,
    path: /^spec\.ports\.(port|targetPort)$/,
    when: (inputs) => valueAt(inputs, ["spec", "selector"]) === undefined,
    reason: "The Service has no selector: it leads out of the cluster, where ports are in no plan.",
  },
  {
    kinds: ["image"],
    type: /./,
    path: /image$/,
    when: (inputs, path, { images }) => (images.get(repositoryOf(textAt(inputs, path))) ?? 0) < 2,
    reason: "The only use of the image: whether a tag exists, only its registry can tell.",
  },
  {
    kinds: ["reference", "name", "group"],
    type: /:(ScrapeConfig|Resiliency)$/,
    path: /(jobName|metadata\.name)$/,
    reason: "A free name: nothing refers to it.",
  },
  {
    kinds: ["reference", "key"],
    type: /:(CronJob|Job)$/,
    path: /configMapKeyRef\.(name|key)$/,
    when: (inputs, path) => valueAt(inputs, [...path.slice(0, -1), "optional"]) === true,
    reason:
      "The reference is optional: whoever asks for a restore creates the ConfigMap, and the Job says what it lacks.",
  },
  {
    kinds: ["selector"],
    type: /./,
    path: /nodeAffinity\..*values$|nodeSelectorTerms/,
    reason: "Labels of nodes are given by the cloud, and are in no plan of the cluster.",
  },
];

/** Why a change that nobody notices is no fault; undefined if it is missed. */
export function excuseOf(
  change: Change,
  inputs: unknown,
  names: Names,
  excuses: readonly Excuse[] = EXCUSES,
): string | undefined {
  return excuses.find(
    ({ kinds, type, path, value, when }) =>
      (kinds === "any" || kinds.includes(change.kind)) &&
      type.test(change.type) &&
      path.test(shapeOf(change.path)) &&
      (value === undefined || value.test(String(change.from))) &&
      (when === undefined || when(inputs, change.path, names)),
  )?.reason;
}
