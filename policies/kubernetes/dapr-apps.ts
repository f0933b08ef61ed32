/** Pods with a Dapr sidecar, by their app ID, and whether an app ID that something names is one of theirs. */
import type { CheckContext, Stack, StackResource } from "../policy";
import { finding, fullNameOf } from "../policy";
import type { Value } from "../values";
import { podsIn, type Declared } from "./declared";
import { POD_KINDS, inCluster, namespaceOf, podOf } from "./objects";

export interface App {
  readonly resource: StackResource;
  readonly annotations: Value;
  /** Missing for the default, which is the pod's name. */
  readonly id: Value;
}

/** Placeholder for an object that may be in any namespace. */
const ANYWHERE = "*";

/** The application of a resource's pods; undefined without a sidecar. */
export function appOf(resource: StackResource): App | undefined {
  const annotations = podOf(resource).metadata.get("annotations");
  const enabled = annotations.get("dapr.io/enabled");
  const isOn = enabled.boolean === true || /^(true|t|yes|y|on|1)$/i.test(enabled.string ?? "");
  if (!isOn && !enabled.isUnknown) return undefined;
  return { resource, annotations, id: annotations.get("dapr.io/app-id") };
}

export const appsOf = (stack: Stack): readonly App[] =>
  stack.of(...POD_KINDS).flatMap((resource) => appOf(resource) ?? []);

/** Applications by cluster and namespace; `open` if an ID is unknown. */
interface Place {
  readonly ids: Map<string, App[]>;
  open?: App;
}

export class DaprApps {
  private readonly places = new Map<string, Place>();
  private readonly pods: Declared;

  constructor(stack: Stack) {
    this.pods = podsIn(stack);
    for (const app of appsOf(stack)) {
      const key = inCluster(app.resource, namespaceOf(app.resource) ?? ANYWHERE);
      const place = this.places.get(key) ?? { ids: new Map<string, App[]>() };
      this.places.set(key, place);
      const { string } = app.id;
      if (app.id.isUnknown) place.open = app;
      else if (string !== undefined) place.ids.set(string, [...(place.ids.get(string) ?? []), app]);
    }
  }

  /** The applications of each ID in each namespace. */
  get sharing(): readonly (readonly App[])[] {
    return [...this.places.values()].flatMap(({ ids }) => [...ids.values()]);
  }

  /** Reports an ID that no pod of the namespace has. */
  expect(resource: StackResource, id: Value, namespace: string, context: CheckContext): void {
    if (context.noteUnknown(id, resource.urn)) return;
    const name = id.string ?? "";
    const place = this.places.get(inCluster(resource, namespace));
    if (place?.ids.has(name) === true) return;
    const anywhere = this.places.get(inCluster(resource, ANYWHERE));
    const [maybe] = anywhere?.ids.get(name) ?? [];
    const open = place?.open ?? anywhere?.open;
    if (maybe !== undefined) {
      context.noteUnknown(maybe.resource.props.get("metadata", "namespace"), maybe.resource.urn);
    } else if (open !== undefined) context.noteUnknown(open.id, open.resource.urn);
    else this.report(resource, id, namespace, context);
  }

  /** Pods of operators and of known charts have no sidecar. */
  private report(
    resource: StackResource,
    id: Value,
    namespace: string,
    context: CheckContext,
  ): void {
    const place = `namespace ${JSON.stringify(namespace)}`;
    const cause = this.pods.causeIn(resource, namespace);
    if (cause === undefined) {
      const expected = `no pod of ${place} has that dapr.io/app-id: use an existing one, or remove it`;
      context.report(finding(resource, id, expected), resource.urn);
    } else {
      const expected = `no pod that is visible in ${place} has that dapr.io/app-id; not judged, because ${fullNameOf(cause)} may run one`;
      context.leaveOpen(finding(resource, id, expected), cause, resource.urn);
    }
  }
}
