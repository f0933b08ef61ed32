/** Where a violation of a plan is decided: a line of the stack's file, or of the system's. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, PlanObject, PlanValue, Violation } from "../offline/plan";
import { readYamlFile, type YamlFile } from "../offline/yaml-file";
import { NO_PLACE, type Place } from "../reports/findings";
import type { PlaceOf } from "../reports/policies";

const CONFIG = "config";

/**
 * The line of a key that the violation or its remedy names, if the stack's file sets it; otherwise of the
 * system's element that the resource is called after, if only one is; otherwise the one that chooses the
 * system.
 */
export function placesOf(plan: Plan, projectDir: string): PlaceOf {
  const file = `Pulumi.${plan.stack}.yaml`;
  const yaml = readYamlFile(join(projectDir, file));
  const sources = systemFiles(projectDir, plan.system);
  const inputs = new Map(plan.resources.map((resource) => [resource.urn, resource.inputs]));
  const remedies = new Map(
    (plan.policies.descriptions ?? []).map(({ name, remediation }) => [name, remediation]),
  );
  const keyed = (key: string | undefined): Place | undefined =>
    key === undefined ? undefined : { file, line: yaml.lineOf(CONFIG, key), column: 0 };
  return (violation) =>
    keyed(namedKey(violation, remedies.get(violation.policy) ?? "", yaml)) ??
    elementPlace(namesOf(inputs.get(violation.urn) ?? {}), sources) ??
    keyed(set(yaml, "runstack:system")) ?? { ...NO_PLACE, file, line: 1 };
}

/** The key, if the stack's file sets it. */
function set({ content }: YamlFile, key: string): string | undefined {
  const config = content[CONFIG];
  const isMap = typeof config === "object" && config !== null && !Array.isArray(config);
  return isMap && Object.hasOwn(config, key) ? key : undefined;
}

function namedKey({ message }: Violation, remedy: string, yaml: YamlFile): string | undefined {
  const named = `${message} ${remedy}`.match(/\brunstack:[A-Za-z]+/g) ?? [];
  return named.find((key) => set(yaml, key) !== undefined);
}

/** What a resource may be called in the system: its label, its own name. */
function namesOf(inputs: PlanObject): readonly string[] {
  const metadata = objectIn(inputs, "metadata");
  const labels = objectIn(metadata, "labels");
  return [labels["app.kubernetes.io/name"], metadata["name"], inputs["name"]].filter(
    (name) => typeof name === "string",
  );
}

function objectIn(parent: PlanObject, key: string): PlanObject {
  const value: PlanValue | undefined = parent[key];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as PlanObject)
    : {};
}

interface Source {
  readonly file: string;
  readonly lines: readonly string[];
}

/** A system is one file, or also a folder of the same name. */
function systemFiles(projectDir: string, system: string | undefined): readonly Source[] {
  if (system === undefined || !/^[a-z0-9-]+$/.test(system)) return [];
  const folder = `systems/${system}`;
  const inFolder = existsSync(join(projectDir, folder))
    ? readdirSync(join(projectDir, folder))
        .sort()
        .map((name) => `${folder}/${name}`)
    : [];
  return [`${folder}.ts`, ...inFolder]
    .filter((file) => file.endsWith(".ts") && existsSync(join(projectDir, file)))
    .map((file) => ({ file, lines: readFileSync(join(projectDir, file), "utf8").split("\n") }));
}

/** The only line that declares an element of the first of these names that is declared at all. */
function elementPlace(names: readonly string[], sources: readonly Source[]): Place | undefined {
  for (const name of names) {
    const declaration = `name: ${JSON.stringify(name)}`;
    const found = sources.flatMap(({ file, lines }) =>
      lines.flatMap((line, index) =>
        line.includes(declaration) ? [{ file, line: index + 1, column: 0 }] : [],
      ),
    );
    if (found.length === 1) return found[0];
  }
  return undefined;
}
