/** Resource requests and limits. */
import { together } from "../../lib/words";
import { elements, type Check } from "../expect";
import { expectThat, expectPresent } from "../expect";
import { SIZED } from "../in-manifests";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Key, Value } from "../values";
import type { Pod } from "./objects";
import { PLANNED, eachContainer, eachPod, partsOf } from "./pods";
import { quantityOf } from "./quantities";

const STORAGE = "ephemeral-storage";

/** A CPU limit is left to the team. */
const WANTED: readonly (readonly [Key, Key])[] = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "memory"],
];

/** Set neither here nor where the API server takes the default from. */
function lacks(check: Check, container: Value, pod: Pod, path: readonly [Key, Key]): boolean {
  const [group, unit] = path;
  const own = container.get("resources", group, unit);
  if (check.context.noteUnknown(own, check.resource.urn)) return false;
  // A limit is also the default request; pod-level resources are enough too.
  const groups = group === "requests" ? ["requests", "limits"] : ["limits"];
  return groups.every((name) =>
    [container, pod.spec].every((owner) => owner.get("resources", name, unit).isMissing),
  );
}

/** One finding for a container, whatever it lacks: it is mended in one place. */
function demand(check: Check, container: Value, pod: Pod): void {
  const { resource, context, part } = check;
  const isLimited = context.setting("processorLimit", false);
  const wanted = isLimited ? [...WANTED, ["limits", "cpu"] as const] : WANTED;
  const missing = wanted.filter((path) => lacks(check, container, pod, path));
  const [first, ...others] = missing;
  if (first === undefined) return;
  const also = others.map((path) => path.join("."));
  const set =
    also.length === 0
      ? 'set a quantity such as "250m" or "512Mi"'
      : `so ${also.length === 1 ? "is" : "are"} ${together(also)}: set quantities such as "250m" or "512Mi"`;
  context.report(finding(resource, container.get("resources", ...first), set, part), resource.urn);
}

const MOST_PROCESSORS = 128;
const MEBIBYTE = 2 ** 20;

/** Whether a value is plausible for its unit. */
function sane(check: Check, wants: Value, group: string): void {
  if (check.context.noteUnknown(wants.get(group), check.resource.urn)) return;
  const most = check.context.setting("mostProcessors", MOST_PROCESSORS);
  for (const [unit, value] of wants.get(group).entries()) {
    if (value.isMissing) continue;
    const isQuantity = (it: Value): boolean => quantityOf(it) !== undefined;
    const amount = quantityOf(value) ?? 0;
    if (value.isUnknown || !isQuantity(value)) {
      expectThat(check, value, isQuantity, 'use a quantity such as "250m" or "512Mi"');
    } else if (unit === "cpu") {
      const expected = `it is more than ${String(most)} CPUs: 1000m is one`;
      expectThat(check, value, () => amount <= most, expected);
    } else if (unit === "memory" || unit === STORAGE) {
      const expected =
        'it is less than 1Mi: m means a thousandth of a byte, so use a unit, as in "128Mi"';
      expectThat(check, value, () => amount >= MEBIBYTE, expected);
    }
  }
}

function within(check: Check, wants: Value): void {
  for (const [unit, request] of wants.get("requests").entries()) {
    const limit = wants.get("limits", unit);
    if (check.context.noteUnknown(limit, check.resource.urn)) continue;
    const most = quantityOf(limit);
    const isRight = (it: Value): boolean => most === undefined || (quantityOf(it) ?? 0) <= most;
    expectThat(
      check,
      request,
      isRight,
      `it must not be above ${limit.path}, which is ${limit.show()}`,
    );
  }
}

function consistent(check: Check, pod: Pod): void {
  const parts = [{ part: check, container: pod.spec }, ...partsOf(check, pod, PLANNED)];
  for (const { part, container } of parts) {
    const wants = container.get("resources");
    sane(part, wants, "requests");
    sane(part, wants, "limits");
    within(part, wants);
  }
}

/** Setting → the resource whose limit it bounds; 0 turns it off. */
const RATIOS = [
  ["memoryRatio", "memory"],
  ["processorRatio", "cpu"],
] as const;

function ratios(check: Check, container: Value): void {
  const wants = container.get("resources");
  for (const [setting, unit] of RATIOS) {
    const most = check.context.setting(setting, 0);
    const request = wants.get("requests", unit);
    if (most <= 0 || check.context.noteUnknown(request, check.resource.urn)) continue;
    const amount = quantityOf(request) ?? 0;
    // A missing request defaults to the limit.
    const isRight = (it: Value): boolean => amount <= 0 || (quantityOf(it) ?? 0) <= most * amount;
    const expected = `it must be at most ${String(most)} times ${request.path}, which is ${request.show()}`;
    expectThat(check, wants.get("limits", unit), isRight, expected);
  }
}

/** The API server treats a volume without a source as an emptyDir. */
function isScratch(volume: Value): boolean {
  if (!volume.get("emptyDir").isMissing) return true;
  return volume.isKnown && volume.entries().every(([key, it]) => key === "name" || it.isMissing);
}

function storageBounded(check: Check, pod: Pod): void {
  const parts = partsOf(check, pod, PLANNED);
  const limits = (unit: string): boolean =>
    parts.every(({ container }) => !container.get("resources", "limits", unit).isMissing);
  for (const volume of elements(check, pod.spec.get("volumes"))) {
    if (!isScratch(volume)) continue;
    const emptyDir = volume.get("emptyDir");
    const unit = emptyDir.get("medium").string === "Memory" ? "memory" : STORAGE;
    if (limits(unit)) continue;
    const part = `volume "${volume.get("name").string ?? "without a name"}"`;
    const expected = `set a size such as "256Mi", or limit ${unit} in every container`;
    expectPresent({ ...check, part }, emptyDir.get("sizeLimit"), expected);
  }
  if (!check.context.setting("containers", false)) return;
  for (const { part, container } of parts) {
    for (const group of ["requests", "limits"]) {
      const expected = 'use a quantity such as "512Mi"';
      expectPresent(part, container.get("resources", group, STORAGE), expected);
    }
  }
}

const DOCS = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";
const ratio = (unit: string): object => ({
  type: "number",
  minimum: 0,
  default: 0,
  description: `Maximum ratio of the ${unit} limit to its request; 1 for the class Guaranteed, 0 for any`,
});

export const resources: readonly Policy[] = [
  {
    name: "container-resources",
    title: "Containers set resource requests and a memory limit",
    clause: {
      reference: "PO-01; ALL-04; CKV_K8S_10; CKV_K8S_11; CKV_K8S_12; CKV_K8S_13",
      url: DOCS,
    },
    severity: "medium",
    themes: ["resources"],
    prevents:
      "Nodes are overcommitted, and one container's memory leak evicts the others on its node.",
    description:
      "Every container, or its pod as a whole, requests CPU and memory, and has a memory limit; a CPU limit is left to the team.",
    remediation:
      "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory in every container and init container.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: SIZED,
    configuration: {
      properties: {
        processorLimit: {
          type: "boolean",
          default: false,
          description: "Whether containers need a CPU limit too",
        },
      },
    },
    check: eachContainer(demand, { kinds: PLANNED }),
  },
  {
    name: "container-resources-sane",
    title: "Requests and limits are plausible",
    clause: { reference: "PO-01; ALL-04", url: `${DOCS}#resource-units-in-kubernetes` },
    severity: "high",
    themes: ["resources"],
    prevents:
      "A pod that requests a thousand CPUs is never scheduled, and one with 128m of memory never starts.",
    description:
      "Requests and limits are valid quantities of a plausible size, and no request is above its limit.",
    remediation:
      'Write CPU as "250m" or "2", memory and ephemeral-storage with Mi or Gi, and requests no higher than their limits.',
    enforcement: STRICT_IN_PRODUCTION,
    configuration: {
      properties: {
        mostProcessors: {
          type: "number",
          minimum: 1,
          default: MOST_PROCESSORS,
          description: "Number of CPUs of the largest node",
        },
      },
    },
    check: eachPod(consistent),
  },
  {
    name: "container-limit-ratio",
    title: "Limits are close to requests",
    clause: {
      reference: "PO-01; kube-score container-resource-requests-equal-limits",
      url: "https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/",
    },
    severity: "low",
    themes: ["resources"],
    prevents: "Containers that all use up to their limit need more than their node has.",
    description:
      "The ratio of a limit to its request is at most what the team allows; by default any ratio is allowed.",
    remediation: "Raise resources.requests to what the container uses, or lower resources.limits.",
    enforcement: ADVICE,
    configuration: {
      properties: { memoryRatio: ratio("memory"), processorRatio: ratio("CPU") },
    },
    check: eachContainer(ratios, { kinds: PLANNED }),
  },
  {
    name: "ephemeral-storage-bounded",
    title: "Ephemeral storage is limited",
    clause: {
      reference: "PO-01; kube-score container-ephemeral-storage-request-and-limit",
      url: `${DOCS}#local-ephemeral-storage`,
    },
    severity: "low",
    themes: ["resources", "storage"],
    prevents: "One pod fills its node's disk or memory, and the node evicts other pods.",
    description:
      "Every emptyDir has a size limit, or every container of its pod has a limit on the resource that the emptyDir uses.",
    remediation:
      'Set emptyDir.sizeLimit of the volume, such as "256Mi", or resources.limits["ephemeral-storage"] in every container.',
    enforcement: ADVICE,
    configuration: {
      properties: {
        containers: {
          type: "boolean",
          default: false,
          description: "Whether containers also need a request and a limit for ephemeral-storage",
        },
      },
    },
    check: eachPod(storageBounded),
  },
];
