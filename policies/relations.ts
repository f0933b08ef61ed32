/**
 * References between resources. In a preview IDs are unknown, but their origin is known: a
 * reference is resolved by the resource that its property comes from, or by a name.
 *
 * Only that property counts: a resource that merely waits for another (`dependsOn`) does not refer
 * to it.
 */
import type { CheckContext, StackResource } from "./policy";

export interface Relation {
  /** The resources that refer to others… */
  readonly from: readonly StackResource[];
  /** …by this property… */
  readonly by: string;
  /** …and the resources that they refer to. */
  readonly to: readonly StackResource[];
  /** The property of `to` whose value `by` may contain. @default none: the reference is an ID */
  readonly name?: string;
  /** The name within the text of `by`. @default all of it */
  readonly nameIn?: (text: string) => string | undefined;
}

export class Relations {
  private readonly byOrigin = new Map<string, StackResource[]>();
  private readonly byName = new Map<string, StackResource[]>();
  /** Resources whose reference is unknown and does not come from the referenced types. */
  private readonly strays: StackResource[] = [];

  /** Reads each resource once. */
  constructor(private readonly relation: Relation) {
    const { from, by, to, nameIn = (text: string): string => text } = relation;
    const types = new Set(to.map(({ type }) => type));
    for (const resource of from) {
      const value = resource.props.get(by);
      const origins = resource.propertyDependencies[by] ?? [];
      for (const urn of origins) add(this.byOrigin, urn, resource);
      const name = value.string === undefined ? undefined : nameIn(value.string);
      if (name !== undefined) add(this.byName, name, resource);
      const isStray = value.isUnknown && !origins.some((urn) => types.has(typeOf(urn)));
      if (isStray) this.strays.push(resource);
    }
  }

  /** The resources that refer to it, by the value's origin or by name. */
  of({ urn, props }: StackResource): readonly StackResource[] {
    const { name } = this.relation;
    const own = name === undefined ? undefined : props.get(name).string;
    const named = own === undefined ? [] : (this.byName.get(own) ?? []);
    return [...new Set([...(this.byOrigin.get(urn) ?? []), ...named])];
  }

  /**
   * Whether an unknown may be another reference to it: a reference of unknown origin, or its own
   * unknown name. If so, it is noted.
   */
  mayBeMore({ urn, props }: StackResource, context: CheckContext): boolean {
    const { by, name } = this.relation;
    for (const stray of this.strays) context.noteUnknown(stray.props.get(by), stray.urn);
    const hasNames = name !== undefined && this.byName.size > 0;
    const isUnnamed = hasNames && context.noteUnknown(props.get(name), urn);
    return this.strays.length > 0 || isUnnamed;
  }
}

function add(map: Map<string, StackResource[]>, key: string, resource: StackResource): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [resource]);
  else known.push(resource);
}

/** `urn:pulumi:stack::project::parent$type::name`, as the engine writes URNs. */
export function typeOf(urn: string): string {
  const [, , types = ""] = urn.split("::");
  return types.slice(types.lastIndexOf("$") + 1);
}
