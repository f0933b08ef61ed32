/** What blocks in plain manifests though its policy is advice there: see `InManifests.except`. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { POLICIES } from "../../policies/catalog";
import { configurePack } from "../../policies/configuration";
import { forManifests } from "../../policies/in-manifests";
import { PROD } from "../../policies/testing";
import { check } from "./checking";

function levelsOf(policy: string, objects: readonly string[], config?: unknown): readonly string[] {
  const cwd = mkdtempSync(join(tmpdir(), "runstack-certain-"));
  writeFileSync(join(cwd, "a.yaml"), objects.join("\n---\n"));
  const { findings } = check(["."], cwd, {
    policies: POLICIES,
    policyContext: PROD,
    configured: configurePack(POLICIES.map(forManifests), PROD, config),
    certain: configurePack(POLICIES, PROD, config),
    stdin: () => new Uint8Array(),
    day: "2026-03-01",
  });
  return findings
    .filter(({ about }) => about.name === policy)
    .map(({ enforcement, object: { name } }) => `${enforcement} ${name}`);
}

const object = (apiVersion: string, kind: string, name: string, ...rest: readonly string[]) =>
  [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    `metadata: {name: ${name}, namespace: shop}`,
    ...rest,
  ].join("\n");
const deployment = (container: string, spec = "", replicas = 3): string =>
  object(
    "apps/v1",
    "Deployment",
    "web",
    `spec: {replicas: ${replicas}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {${spec} containers: [{name: a, image: "ghcr.io/a/o:1.0.0", ${container}}]}}}`,
  );

describe("secret-reference", () => {
  const using = (secret: string): string =>
    deployment(`env: [{name: P, valueFrom: {secretKeyRef: {name: ${secret}, key: nokey}}}]`);
  const secret = object("v1", "Secret", "db", "stringData: {user: x}");
  const merged = object(
    "external-secrets.io/v1",
    "ExternalSecret",
    "db",
    "spec: {target: {name: db, creationPolicy: Merge}, data: [{secretKey: nokey, remoteRef: {key: k}}]}",
  );

  it("blocks a key that a Secret of the input has not, and advises on one that it does not see", () => {
    expect(levelsOf("secret-reference", [secret, using("db")])).toEqual(["mandatory web"]);
    expect(levelsOf("secret-reference", [secret, using("other")])).toEqual(["advisory web"]);
  });

  it("does not know the keys of a Secret that another object writes into", () => {
    expect(levelsOf("secret-reference", [secret, merged, using("db")])).toEqual([]);
  });

  it("leaves the last word to the configuration", () => {
    const config = { "secret-reference": "advisory" };
    expect(levelsOf("secret-reference", [secret, using("db")], config)).toEqual(["advisory web"]);
  });
});

it("blocks two budgets on a pod, and advises on none", () => {
  const budgets = ["a", "b"].map((name) =>
    object(
      "policy/v1",
      "PodDisruptionBudget",
      name,
      "spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}",
    ),
  );
  const name = "workload-disruption-budget";
  expect(levelsOf(name, [deployment(""), ...budgets])).toEqual(["mandatory web"]);
  expect(levelsOf(name, [deployment("", "", 1), ...budgets])).toEqual(["mandatory web"]);
  expect(levelsOf(name, [deployment("")])).toEqual(["advisory web"]);
});

it.each([
  [3, 4, "mandatory"],
  [1, 2, "mandatory"],
  [3, 3, "advisory"],
  [1, 1, "advisory"],
])("judges a topic with %i replicas, %i of them in sync", (replicas, inSync, level) => {
  const topic = object(
    "kafka.strimzi.io/v1",
    "KafkaTopic",
    "t",
    `spec: {partitions: 3, replicas: ${replicas}, config: {min.insync.replicas: ${inSync}}}`,
  );
  expect(levelsOf("kafka-topic-replication", [topic])).toEqual([`${level} t`]);
});

it("blocks a certificate that would be renewed before it is issued", () => {
  const certificate = (lives: string): readonly string[] =>
    levelsOf("certificate-lifetime", [
      object(
        "cert-manager.io/v1",
        "Certificate",
        "c",
        `spec: {secretName: c, dnsNames: [a.example.com], ${lives}, issuerRef: {name: i}}`,
      ),
    ]);
  expect(certificate("duration: 720h, renewBefore: 721h")).toEqual(["mandatory c"]);
  expect(certificate("duration: 720h, renewBefore: 720h")).toEqual(["mandatory c"]);
  expect(certificate("duration: 720h, renewBefore: soon")).toEqual(["advisory c"]);
  expect(certificate("duration: 99999h")).toEqual(["advisory c"]);
});

it.each([
  ["[sleep, '30']", "mandatory"],
  ["[/bin/sh, -c, 'sleep 30 && nginx -s quit']", "mandatory"],
  ["[sleep, '5']", "advisory"],
  ["[sh, -c, 'if busy; then sleep 30; fi']", "advisory"],
  ["[sh, -c, 'sleep 30 & wait-for-it']", "advisory"],
])("judges a grace period of 5 s with the hook %s", (command, level) => {
  const hook = `lifecycle: {preStop: {exec: {command: ${command}}}}`;
  const objects = [deployment(hook, "terminationGracePeriodSeconds: 5,")];
  expect(levelsOf("pod-grace-period", objects)).toEqual([`${level} web`]);
});

it.each([
  ["rbac.authorization.k8s.io", "clusterroles", "escalate", "mandatory"],
  ["rbac.authorization.k8s.io", "roles", "bind", "mandatory"],
  ['""', "users", "impersonate", "mandatory"],
  ['""', "serviceaccounts/token", "create", "advisory"],
])("judges a role on %s %s with %s", (group, resource, verb, level) => {
  const rule = `{apiGroups: [${group}], resources: [${resource}], verbs: [${verb}]}`;
  const role = object("rbac.authorization.k8s.io/v1", "Role", "r", `rules: [${rule}]`);
  expect(levelsOf("rbac-no-escalation", [role])).toEqual([`${level} r`]);
});
