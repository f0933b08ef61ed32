/** What an `up` is expected to create: the plan of the same project, without an engine. */
import { join } from "node:path";
import { previewStack } from "../offline/host";
import type { Plan, PlannedResource } from "../offline/plan";
import type { StackFile } from "../offline/stack-files";
import { recoveryTimes, assemble } from "../reports/assemble";
import { isKubernetesObject } from "../reports/kubernetes";
import { at, isObject, keysAt, stringAt } from "../reports/values";
import { secretsOf } from "../settings/secrets";
import type { System } from "../systems/model";
import { customKind, type CustomKind } from "./charts/definitions";
import type { ChartName } from "./charts/stand-in";

/** @throws Error with what the program reports, if it cannot be planned */
export async function planOf(project: string, file: StackFile, system: System): Promise<Plan> {
  const preview = await previewStack({
    projectDir: project,
    stack: file,
    policyPackDir: join(project, "policies"),
    policyFacts: (resources) => recoveryTimes(resources, system),
  });
  if (preview.failed) {
    throw new Error(preview.diagnostics.map(({ message }) => message).join("\n"));
  }
  const { values } = file.config;
  const secrets = secretsOf(values);
  return assemble(
    preview,
    { name: file.name, config: values, ...(secrets && { secrets }) },
    system,
  );
}

/** The charts that its releases install, each once. */
export function chartsOf(resources: readonly PlannedResource[]): readonly ChartName[] {
  const found = new Map<string, ChartName>();
  for (const resource of resources) {
    if (resource.type !== "kubernetes:helm.sh/v3:Release") continue;
    const chart = (stringAt(resource.inputs, "chart") ?? "").replace(/^.*\//u, "");
    const version = stringAt(resource.inputs, "version") ?? "";
    found.set(`${chart} ${version}`, { chart, version });
  }
  return [...found.values()];
}

/** The kinds of its objects that are no part of Kubernetes, each once. */
export function customKindsOf(resources: readonly PlannedResource[]): readonly CustomKind[] {
  const found = new Map<string, CustomKind>();
  for (const resource of resources.filter(isKubernetesObject)) {
    const namespaced = keysAt(resource.inputs, "metadata").includes("namespace");
    const kind = customKind(resource.type, namespaced);
    if (kind !== undefined) found.set(resource.type, kind);
  }
  return [...found.values()];
}

/** The labels of the nodes of each pool: those that the program gives them, and the type that the cloud adds. */
export function poolsOf(
  resources: readonly PlannedResource[],
): readonly Readonly<Record<string, string>>[] {
  const pools = resources.flatMap(({ type, inputs }) => {
    const [where, size] = POOLS[type] ?? [];
    const pool = where === undefined ? undefined : at(inputs, ...where);
    if (size === undefined || !isObject(pool)) return [];
    const own = Object.entries(at(pool, "labels") ?? {}).filter(isText);
    const kind = stringAt(pool, ...size);
    return [{ ...Object.fromEntries(own), ...(kind === undefined ? {} : { [TYPE]: kind }) }];
  });
  return pools.length > 0 ? pools : [{}];
}

const TYPE = "node.kubernetes.io/instance-type";
/** Where a resource says what its nodes are, and where in there the type of machine stands. */
const POOLS: Readonly<Record<string, readonly [readonly string[], readonly (string | number)[]]>> =
  {
    "aws:eks/nodeGroup:NodeGroup": [[], ["instanceTypes", 0]],
    "digitalocean:index/kubernetesCluster:KubernetesCluster": [["nodePool"], ["size"]],
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": [[], ["size"]],
    "gcp:container/nodePool:NodePool": [["nodeConfig"], ["machineType"]],
  };

const isText = (entry: readonly [string, unknown]): entry is readonly [string, string] =>
  typeof entry[1] === "string";
