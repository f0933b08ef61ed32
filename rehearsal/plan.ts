/** What an `up` is expected to create: the plan of the same project, without an engine. */
import { join } from "node:path";
import { previewStack } from "../offline/host";
import type { Plan, PlannedResource, PlanValue } from "../offline/plan";
import type { StackFile } from "../offline/stack-files";
import { recoveryTimes, assemble } from "../reports/assemble";
import { isKubernetesObject } from "../reports/kubernetes";
import { keysAt, stringAt } from "../reports/values";
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

/** The labels by which its pods choose a pool of nodes. */
export function poolsOf(
  resources: readonly PlannedResource[],
): readonly Readonly<Record<string, string>>[] {
  const names = new Set<string>();
  const walk = (value: PlanValue): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === POOL && typeof inner === "string") names.add(inner);
      else walk(inner);
    }
  };
  for (const { inputs } of resources) walk(inputs);
  return [...names].sort().map((name) => ({ [POOL]: name }));
}

const POOL = "runstack.dev/pool";
