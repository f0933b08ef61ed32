/** ConfigMaps, Secrets, access, quotas and what extends the API server. */
import { isKey } from "../../labels";
import type { Value } from "../../../values";
import * as form from "./forms";
import { atMost, fields, isSet, needsSome, notEmpty, oneOf, text, unique } from "./kit";
import type { Rule, Rules } from "./kit";

const RBAC = "rbac.authorization.k8s.io";

/** The keys of maps, which become names of files. */
const dataKeys =
  (...maps: readonly string[]): Rule =>
  (value, faults) => {
    for (const map of maps) {
      for (const [key, entry] of value.get(map).entries()) {
        if (!form.isDataKey(key)) faults.add("value-allowed", entry, form.DATA_KEY);
      }
    }
  };

const oncePerKey: Rule = (value, faults) => {
  for (const [key, entry] of value.get("binaryData").entries()) {
    if (!value.get("data", key).isMissing) faults.rule(entry, "data has the same key");
  }
};

const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

const isIn = (value: Value, key: string): boolean => {
  const maps = [value.get("data"), value.get("stringData")];
  return maps.some((map) => map.isUnknown || !map.get(key).isMissing);
};

/** What a type asks for, in data or stringData. */
const secretKeys: Rule = (value, faults) => {
  const type = value.get("type").string ?? "";
  for (const key of SECRET_KEYS[type] ?? []) {
    if (!isIn(value, key))
      faults.add("field-required", value.get("data", key), `a Secret of type ${type} needs it`);
  }
  if (type === "kubernetes.io/basic-auth" && !isIn(value, "username") && !isIn(value, "password")) {
    faults.add(
      "field-required",
      value.get("data", "username"),
      `a Secret of type ${type} needs username or password`,
    );
  }
  const account = value.get("metadata", "annotations", "kubernetes.io/service-account.name");
  if (type === "kubernetes.io/service-account-token" && !isSet(account)) {
    faults.add("field-required", account, `a Secret of type ${type} needs it`);
  }
  dockerConfig(value, type, faults);
};

function dockerConfig(value: Value, type: string, faults: Parameters<Rule>[1]): void {
  const [key] = type.startsWith("kubernetes.io/docker") ? (SECRET_KEYS[type] ?? []) : [];
  if (key === undefined) return;
  const plain = value.get("stringData", key);
  const encoded = value.get("data", key).string;
  const written =
    plain.string ??
    (encoded === undefined || !plain.isMissing
      ? undefined
      : Buffer.from(encoded, "base64").toString("utf8"));
  if (written === undefined || isJsonObject(written)) return;
  faults.add(
    "value-allowed",
    plain.isMissing ? value.get("data", key) : plain,
    "it must be a JSON object, with an auth for each registry",
  );
}

function isJsonObject(written: string): boolean {
  try {
    const parsed: unknown = JSON.parse(written);
    return typeof parsed === "object" && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

/** Rules are about resources, or about paths of the server, which have no namespace. */
const policyRule: Rule = (value, faults, way) => {
  const verbs = value.get("verbs");
  if (verbs.isEmptyList || verbs.isMissing)
    faults.add("field-required", verbs, "a rule needs at least one verb");
  const paths = value.get("nonResourceURLs");
  if (paths.isUnknown) return;
  const isOfPaths = paths.list().length > 0;
  for (const key of ["apiGroups", "resources"]) {
    const it = value.get(key);
    if (!isOfPaths && (it.isMissing || it.isEmptyList)) {
      faults.add(
        "field-required",
        it,
        'a rule needs at least one; the core group is ""'.replace(
          key === "resources" ? '; the core group is ""' : "\u0000",
          "",
        ),
      );
    }
  }
  if (!isOfPaths) return;
  if (way[0]?.type === "rbac.v1.Role")
    faults.rule(paths, "only a ClusterRole has them: remove them");
  if (["apiGroups", "resources", "resourceNames"].some((key) => value.get(key).list().length > 0)) {
    faults.rule(paths, "a rule is about resources or about nonResourceURLs, not both");
  }
};

const GROUPS: Readonly<Record<string, string>> = { ServiceAccount: "", User: RBAC, Group: RBAC };

const subject: Rule = (value, faults, way) => {
  const [kind, group] = [value.get("kind"), value.get("apiGroup")];
  if (!kind.isKnown || kind.string === "") return;
  const expected = GROUPS[kind.string ?? ""];
  if (expected === undefined) {
    faults.add("value-allowed", kind, 'it must be "ServiceAccount", "User" or "Group"');
    return;
  }
  if (group.isKnown && group.string !== expected && !(expected === RBAC && group.string === "")) {
    faults.add(
      "value-allowed",
      group,
      `for a ${kind.string ?? ""} it must be ${JSON.stringify(expected)}`,
    );
  }
  const namespace = value.get("namespace");
  const isInCluster = way[0]?.type === "rbac.v1.ClusterRoleBinding";
  if (kind.string === "ServiceAccount" && isInCluster && !isSet(namespace)) {
    faults.add("field-required", namespace, "a ServiceAccount needs its namespace");
  }
  if (kind.string === "ServiceAccount") fields({ name: form.subdomain })(value, faults, way);
};

const roleRef =
  (...kinds: readonly string[]): Rule =>
  (value, faults) => {
    const reference = value.get("roleRef");
    const [kind, group] = [reference.get("kind"), reference.get("apiGroup")];
    const wrong = kind.isKnown && isSet(kind) ? oneOf(...kinds)(kind) : undefined;
    if (wrong !== undefined) faults.add("value-allowed", kind, wrong);
    if (group.isKnown && isSet(group) && group.string !== RBAC) {
      faults.add("value-allowed", group, `it must be ${JSON.stringify(RBAC)}`);
    }
  };

/** Of a limit or a quota: a standard resource, or one with a domain. */
const resourceNames =
  (...maps: readonly string[]): Rule =>
  (value, faults) => {
    for (const map of maps) {
      for (const [name, amount] of value.get(map).entries()) {
        if (name.includes("/") || STANDARD.test(name)) continue;
        const expected =
          "it must be a standard resource, such as cpu or memory, or one with a domain";
        faults.add("value-allowed", amount, expected);
      }
    }
  };

const STANDARD =
  /^((requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.+)$|^(requests\.)?storage$|^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.nodeports|services\.loadbalancers)$/;

const limits: Rule = (value, faults) => {
  const pairs: readonly (readonly [string, string])[] = [
    ["min", "max"],
    ["min", "defaultRequest"],
    ["min", "default"],
    ["defaultRequest", "default"],
    ["defaultRequest", "max"],
    ["default", "max"],
  ];
  const reported = new Set<string>();
  for (const [low, high] of pairs) {
    for (const [name, amount] of value.get(low).entries()) {
      const other = value.get(high, name);
      const [least, most] = [form.amount(amount), form.amount(other)];
      if (least === undefined || most === undefined || least <= most || reported.has(name))
        continue;
      reported.add(name);
      faults.rule(amount, `it must not be above ${high}, which is ${other.show()}`);
    }
  }
  if (value.get("type").string !== "Pod") return;
  for (const key of ["default", "defaultRequest"]) {
    const it = value.get(key);
    if (it.entries().length > 0) faults.rule(it, "a limit of type Pod has it not: remove it");
  }
};

export const CONFIG: Rules = {
  "core.v1.ConfigMap": [dataKeys("data", "binaryData"), oncePerKey],
  "core.v1.Secret": [dataKeys("data", "stringData"), secretKeys],
  "rbac.v1.PolicyRule": [policyRule],
  "rbac.v1.Subject": [subject],
  "rbac.v1.RoleBinding": [roleRef("Role", "ClusterRole")],
  "rbac.v1.ClusterRoleBinding": [roleRef("ClusterRole")],
  "rbac.v1.RoleRef": [fields({ name: form.pathSegment })],
  "rbac.v1.AggregationRule": [needsSome("clusterRoleSelectors")],
  "core.v1.LimitRangeItem": [
    fields({
      type: text(
        (type) =>
          ["Pod", "Container", "PersistentVolumeClaim"].includes(type) ||
          (type.includes("/") && isKey(type)),
        'it must be "Pod", "Container" or "PersistentVolumeClaim"',
      ),
    }),
    limits,
    resourceNames("min", "max", "default", "defaultRequest"),
  ],
  "core.v1.LimitRangeSpec": [unique("limits", ["type"])],
  "core.v1.ResourceQuotaSpec": [resourceNames("hard"), fields({ "hard.*": form.notNegative })],
  "scheduling.v1.PriorityClass": [
    notEmpty("preemptionPolicy"),
    fields({ value: atMost(1_000_000_000) }),
  ],
};
