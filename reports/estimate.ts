/**
 * The minimum time for a rebuild from nothing: the longest path through the plan.
 *
 * A resource starts when its parent has started (or, if the parent is a real resource, when that is done) and
 * its dependencies and its provider are done. It then takes the time in `provisioning.ts`. A component is done
 * when its children are. The model has no limit on parallel work, no retries and no data restore: it is a lower
 * bound to compare with an objective, and the same plan always gives the same result.
 */
import type { Estimate, ObjectiveEstimate, PlannedResource } from "../offline/plan";
import type { RecoveryObjective } from "../systems/model";
import { provisioningOf } from "./provisioning";
import { stringAt } from "./values";

/** A runbook's objective, with the other names that its element has among the resources. */
export interface Objective extends Pick<RecoveryObjective, "of" | "rto" | "clause" | "procedure"> {
  /** Tried in order after `of`. */
  readonly names?: readonly string[];
  /** Set if only these namespaces are rebuilt, in an existing cluster. */
  readonly namespaces?: readonly string[];
}

interface Span {
  readonly finish: number;
  /** The resource that this one waited for the longest. */
  readonly after: PlannedResource | undefined;
}

/** Resources of an element that serve requests or hold data, rather than supporting ones. */
const SERVING =
  /:(Deployment|StatefulSet|DaemonSet|Release|DatabaseCluster|Kafka|Cluster|Postgresql|postgresql|Redis|Valkey|Instance|DatabaseInstance|ReplicationGroup)$/;

/** Rounded in two steps, so that 6.55 becomes 6.6 despite floating-point representation. */
const tenths = (minutes: number): number => Math.round(Math.round(minutes * 100) / 10) / 10;

/** Walks a plan's graph once. Spans are computed on demand and cached. */
class Schedule {
  readonly #byUrn: ReadonlyMap<string, PlannedResource>;
  readonly #children = new Map<string, PlannedResource[]>();
  readonly #starts = new Map<string, Span>();
  readonly #spans = new Map<string, Span>();
  readonly #open = new Set<string>();

  constructor(resources: readonly PlannedResource[]) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      if (resource.parent === null) continue;
      const siblings = this.#children.get(resource.parent);
      if (siblings === undefined) this.#children.set(resource.parent, [resource]);
      else siblings.push(resource);
    }
  }

  /** When a resource, and everything inside it if it is a component, is done. */
  span(resource: PlannedResource): Span {
    const known = this.#spans.get(resource.urn);
    if (known !== undefined) return known;
    const { finish: start, after } = this.#start(resource);
    let span: Span = { finish: start + provisioningOf(resource).minutes, after };
    if (!resource.custom) {
      this.#open.add(resource.urn);
      span = this.#latest(span, this.#children.get(resource.urn) ?? []);
      this.#open.delete(resource.urn);
    }
    this.#spans.set(resource.urn, span);
    return span;
  }

  /** When the last of some resources is done. */
  finish(resources: readonly PlannedResource[]): number {
    return resources.reduce((most, resource) => Math.max(most, this.span(resource).finish), 0);
  }

  /** Resources that take time, from the first to `last`. */
  pathTo(last: PlannedResource): readonly string[] {
    const seen = new Set<string>();
    const path: string[] = [];
    let here: PlannedResource | undefined = last;
    while (here !== undefined && !seen.has(here.urn)) {
      seen.add(here.urn);
      if (provisioningOf(here).minutes > 0) path.unshift(here.urn);
      here = this.span(here).after;
    }
    return path;
  }

  #start(resource: PlannedResource): Span {
    const known = this.#starts.get(resource.urn);
    if (known !== undefined) return known;
    // Stores a result before recursing, so that a plan with a cycle still terminates.
    this.#starts.set(resource.urn, { finish: 0, after: undefined });
    const parent = this.#find(resource.parent);
    const begun: Span =
      parent === undefined
        ? { finish: 0, after: undefined }
        : parent.custom
          ? { finish: this.span(parent).finish, after: parent }
          : this.#start(parent);
    const waits = [resource.provider, ...resource.dependencies].flatMap((urn) => {
      const found = this.#find(urn);
      // A component that is being walked contains this resource, so the resource cannot wait for it.
      return found === undefined || this.#open.has(found.urn) ? [] : [found];
    });
    const start = this.#latest(begun, waits);
    this.#starts.set(resource.urn, start);
    return start;
  }

  #latest(from: Span, candidates: readonly PlannedResource[]): Span {
    let latest = from;
    for (const candidate of candidates) {
      const { finish } = this.span(candidate);
      if (finish > latest.finish) latest = { finish, after: candidate };
    }
    return latest;
  }

  #find(urn: string | null): PlannedResource | undefined {
    return urn === null ? undefined : this.#byUrn.get(urn);
  }
}

/** Whether `text` contains `name` as whole words. Hyphens and slashes separate words. */
function names(text: string, name: string): boolean {
  const words = (value: string): string => ` ${value.toLowerCase().replace(/[^a-z0-9]+/g, " ")} `;
  return words(name).trim() !== "" && words(text).includes(words(name));
}

/** All names that an operator might use for the resource. */
const labelOf = ({ name, inputs }: PlannedResource): string =>
  [
    name,
    stringAt(inputs, "metadata", "name"),
    stringAt(inputs, "name"),
    stringAt(inputs, "engine"),
  ].join(" / ");

/**
 * The resources that an objective is about: serving resources (workloads, database clusters, releases)
 * whose name, Kubernetes name or engine contains the first of the element's names that occurs anywhere; if
 * none does, any resource with such a name, for example the secret that points to an external database.
 */
function resourcesOf(
  objective: Objective,
  resources: readonly PlannedResource[],
): readonly PlannedResource[] {
  const custom = resources.filter((resource) => resource.custom);
  for (const candidates of [custom.filter(({ type }) => SERVING.test(type)), custom]) {
    for (const name of [objective.of, ...(objective.names ?? [])]) {
      const found = candidates.filter((resource) => names(labelOf(resource), name));
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Resources in one of the namespaces, and the namespaces themselves. */
function inNamespaces(
  resources: readonly PlannedResource[],
  namespaces: readonly string[],
): readonly PlannedResource[] {
  return resources.filter(({ type, inputs }) => {
    const place = type.endsWith(":Namespace") ? "name" : "namespace";
    return namespaces.includes(stringAt(inputs, "metadata", place) ?? "");
  });
}

/** How long it takes to restore the objective's element, with `whole` as the conservative fallback. */
function minutesUntil(
  objective: Objective,
  resources: readonly PlannedResource[],
  schedule: Schedule,
  whole: number,
): number {
  const { namespaces } = objective;
  const inside = namespaces === undefined ? [] : inNamespaces(resources, namespaces);
  if (inside.length > 0) return new Schedule(inside).finish(inside);
  const found = objective.of === "system" ? [] : resourcesOf(objective, resources);
  return found.length === 0 ? whole : schedule.finish(found);
}

/**
 * The rebuild estimate of a plan against its objectives.
 *
 * @param objectives the runbook's; an objective of `system`, or one without a matching resource, is
 * compared with the whole path.
 */
export function estimate(
  resources: readonly PlannedResource[],
  objectives: readonly Objective[],
): Estimate {
  const schedule = new Schedule(resources);
  const whole = schedule.finish(resources);
  // The first of the resources that finish last. Components finish with their children.
  const last = resources.find((r) => r.custom && schedule.span(r).finish === whole);
  return {
    rebuildMinutes: tenths(whole),
    criticalPath: last === undefined ? [] : schedule.pathTo(last),
    objectives: objectives.map((objective): ObjectiveEstimate => {
      const estimateMinutes = tenths(minutesUntil(objective, resources, schedule, whole));
      const rtoMinutes = tenths(objective.rto.seconds / 60);
      const { ids, heading } = objective.clause;
      return {
        of: objective.of,
        rtoMinutes,
        estimateMinutes,
        // Based on the rounded numbers that are shown, so that a reader comes to the same result.
        met: estimateMinutes <= rtoMinutes && objective.procedure !== undefined,
        ...(objective.procedure === undefined ? {} : { procedure: objective.procedure }),
        clause: [ids.join(", "), heading].filter(Boolean).join(": "),
      };
    }),
  };
}
