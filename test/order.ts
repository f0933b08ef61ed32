/**
 * For tests: what must exist before a resource is created, and may be deleted only after it. The engine orders by
 * dependencies, providers and parents; nothing else holds in `destroy`.
 */
import type { PlannedResource } from "../offline/plan";

/** The namespace of an object, or of a release; undefined if it has none. */
export function namespaceOf({ type, inputs }: PlannedResource): string | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { namespace } = (inputs["metadata"] ?? {}) as Readonly<Record<string, unknown>>;
  const own = type.startsWith("kubernetes:helm.sh/") ? inputs["namespace"] : namespace;
  return typeof own === "string" ? own : undefined;
}

/**
 * What alerts wait for. Without the monitors of data services, which are created long before what they select is
 * ready, and without what only restores.
 */
const WATCHED =
  /kubernetes:(apps\/v1:(Deployment|StatefulSet)|kafka\.strimzi\.io\/v1:Kafka|postgresql\.cnpg\.io\/v1:Cluster|monitoring\.coreos\.com\/v1alpha1:ScrapeConfig|gateway\.networking\.k8s\.io\/v1:(Gateway|HTTPRoute)|cert-manager\.io\/v1:Certificate)::|:batch\/v1:(Cron)?Job::(?!.*-(restore|snapshots))|:PodMonitor::(?!.*-data-)|:helm\.sh\/v3:Release::(?!.*-dapr-dashboard$)|digitalocean:index\/databaseCluster:|(aws:(rds\/instance:Instance|elasticache\/replicationGroup:ReplicationGroup|msk\/cluster:Cluster)|gcp:(sql\/databaseInstance:DatabaseInstance|redis\/instance:Instance|managedkafka\/cluster:Cluster))::/;

export class Order {
  private readonly byUrn: ReadonlyMap<string, PlannedResource>;
  private readonly before = new Map<string, ReadonlySet<string>>();

  constructor(private readonly resources: readonly PlannedResource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** Whether `resource` is created after `other`, and deleted before it. */
  isAfter(resource: PlannedResource, other: PlannedResource): boolean {
    return this.earlier(resource.urn).has(other.urn);
  }

  /** Objects that race their own namespace: neither a rebuild nor a destroy has an order for them. */
  outsideNamespace(): readonly string[] {
    const namespaces = new Map(
      this.resources
        .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
        .map((one) => [(one.inputs["metadata"] as { readonly name: string }).name, one]),
    );
    return this.resources.flatMap((resource) => {
      const namespace = namespaces.get(namespaceOf(resource) ?? "");
      return namespace === undefined || this.isAfter(resource, namespace) ? [] : [resource.name];
    });
  }

  /** Those of `resources` that match `later` and are not after all that match `sooner`. */
  disordered(later: RegExp, sooner: RegExp): readonly string[] {
    const first = this.resources.filter(({ urn }) => sooner.test(urn));
    return this.resources
      .filter(({ urn }) => later.test(urn))
      .filter((resource) => first.some((one) => !this.isAfter(resource, one)))
      .map(({ name }) => name);
  }

  /** What alerts watch, and those of it that they do not wait for: a first `up` would page for these. */
  alerts(): { readonly watched: number; readonly early: readonly string[] } {
    const rules = this.resources.filter(({ type }) => type.endsWith(":PrometheusRule"));
    const watched = this.resources.filter(({ urn }) => WATCHED.test(urn));
    const early = watched.filter((one) => !rules.every((rule) => this.isAfter(rule, one)));
    return {
      watched: rules.length === 0 ? 0 : watched.length,
      early: early.map(({ name }) => name),
    };
  }

  private earlier(urn: string): ReadonlySet<string> {
    const known = this.before.get(urn);
    if (known !== undefined) return known;
    const found = new Set<string>();
    this.before.set(urn, found);
    const { dependencies = [], provider, parent } = this.byUrn.get(urn) ?? {};
    for (const one of [...dependencies, provider ?? "", parent ?? ""]) {
      if (one === "") continue;
      found.add(one);
      for (const earlier of this.earlier(one)) found.add(earlier);
    }
    return found;
  }
}
