/** Kubernetes manifests: every object without unknown values, in the order of application. */
import { many } from "../lib/words";
import type { PlannedResource, PlanValue } from "../offline/plan";
import { visible } from "./escape";
import {
  fillAnnotations,
  isKubernetesObject,
  isSecret,
  KNOWN_AFTER_UP,
  objectFileName,
  objectOf,
  openReason,
  requiredKeys,
  type ReportFile,
  type Skipped,
} from "./kubernetes";
import { at, markOf } from "./values";
import { yamlText } from "./yaml";

/** A manifest, and how many of its annotations are placeholders. */
interface ManifestFile extends ReportFile {
  readonly placeholders: number;
}

interface Manifests {
  /** `01-namespace-todo-chatbot.yaml` and so on. */
  readonly files: readonly ManifestFile[];
  readonly skipped: readonly Skipped[];
}

/** Why a Kubernetes resource that is not an object of this program has no manifest. */
function notAnObject(resource: PlannedResource): Skipped | undefined {
  if (!resource.custom || !resource.type.startsWith("kubernetes:")) return undefined;
  if (isKubernetesObject(resource)) {
    return resource.external === true
      ? { urn: resource.urn, reason: "is only read, not created, by this program" }
      : undefined;
  }
  const reason = resource.type.startsWith("kubernetes:helm.sh/")
    ? "a Helm release: Helm renders its objects during installation"
    : "contains several objects that are rendered when it is applied";
  return { urn: resource.urn, reason };
}

/** If a Secret's data is secret as a whole, a comment says so, because the keys cannot be shown either. */
function hiddenData({ inputs }: PlannedResource): string {
  const hidden = ["data", "stringData"].filter((key) => isHidden(at(inputs, key)));
  if (hidden.length === 0) return "";
  const required = Object.keys(requiredKeys(inputs)).join(" and ");
  const lines = [
    ...hidden.map(
      (key) => `${key} is hidden as a whole: neither its keys nor its values are in the plan.`,
    ),
    ...(required === "" ? [] : [`The type of the Secret requires ${required}.`]),
  ];
  return lines.map((line) => `# ${line}\n`).join("");
}

const isHidden = (value: PlanValue | undefined): boolean =>
  ["secret", "unknown"].includes(markOf(value) ?? "");

/**
 * Manifests of the plan's Kubernetes objects, with every secret replaced by `<redacted>`, and every
 * annotation that only an `up` can compute by `<known after up>`.
 */
export function manifests(resources: readonly PlannedResource[]): Manifests {
  const skipped: Skipped[] = [];
  const known: ManifestFile[] = [];
  for (const resource of resources) {
    const other = notAnObject(resource);
    if (other !== undefined) skipped.push(other);
    if (other !== undefined || !isKubernetesObject(resource)) continue;
    const { object, filled: placeholders } = fillAnnotations(objectOf(resource));
    const reason = openReason(object);
    if (reason !== undefined) skipped.push({ urn: resource.urn, reason });
    else {
      const comment = isSecret(resource) ? hiddenData(resource) : "";
      known.push({ name: objectFileName(object), text: comment + yamlText(object), placeholders });
    }
  }
  const digits = Math.max(2, String(known.length).length);
  return {
    files: known.map(({ name, ...rest }, index) => ({
      ...rest,
      name: `${String(index + 1).padStart(digits, "0")}-${name}.yaml`,
    })),
    skipped,
  };
}

/** What the folder contains, what it does not, and why. Not YAML, so that no tool applies it. */
export function manifestIndex({ files, skipped }: Manifests): string {
  return [
    `${many(files.length, "object")}, in the order of application; secrets are redacted.`,
    ...files.map(
      ({ name, placeholders }) =>
        `  ${name}` +
        (placeholders === 0
          ? ""
          : ` (${many(placeholders, "annotation")} known only after an up, shown as ${KNOWN_AFTER_UP})`),
    ),
    "",
    `${skipped.length} without a manifest:`,
    ...skipped.flatMap(({ urn, reason }) => [`  ${visible(urn)}`, `    ${visible(reason)}`]),
    "",
  ].join("\n");
}
