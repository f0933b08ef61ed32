import * as pulumi from "@pulumi/pulumi";
import type { Part } from "./child-factory";
import type { Transform } from "./transform";

/** What a component may store in the state: plain values, never a secret. */
export type PublicArguments = Readonly<Record<string, string | number | boolean | undefined>>;

/** Options of every component. */
export interface ComponentOptions extends pulumi.ComponentResourceOptions {
  /**
   * Changes to the resources below the component, applied in this order. One that matches no
   * resource is refused.
   * @default none
   */
  readonly transform?: readonly Transform[];
}

/**
 * The base of every component. It sets the type token (`runstack:<folder>:<Kind>`), stores the
 * component's name, and names its children, always `<name>-<suffix>`: a child can be found from its
 * parent, and environments do not differ by accident.
 *
 * A component's dependencies are its children's too. Pulumi passes on providers and protection, but
 * not `dependsOn`: without this, the children of a component that depends on a chart would not wait
 * for it.
 */
export abstract class Component extends pulumi.ComponentResource {
  readonly name: string;
  readonly #after: readonly pulumi.Resource[];
  readonly #transform: readonly Transform[];

  /** Only `recorded` is stored in the state: pass the plain arguments worth reading there. */
  protected constructor(
    kind: string,
    name: string,
    recorded: PublicArguments,
    { transform = [], ...options }: ComponentOptions = {},
  ) {
    super(`runstack:${kind}`, name, recorded, {
      ...options,
      transformations: [...transform.map(({ apply }) => apply), ...(options.transformations ?? [])],
    });
    this.#transform = transform;
    this.name = name;
    const inherited = options.parent instanceof Component ? options.parent.#after : [];
    this.#after = [...new Set([...inherited, ...resources(name, options.dependsOn)])];
  }

  /**
   * Registers every public property as an output of the same name. Call it once, at the end of the
   * constructor. Values that only the component itself uses are `#private` fields, which are no
   * outputs.
   */
  protected publish(): void {
    for (const { about, isApplied } of this.#transform) {
      if (isApplied) continue;
      throw new ComponentError(
        this.name,
        `transform of ${about}`,
        "applied to no resource",
        "for a class and a name that this component creates",
        "Look for the resource in the plan of the stack.",
      );
    }
    const outputs = Object.entries(this).filter(
      ([key]) => !key.startsWith("__") && key !== "name" && key !== "urn",
    );
    this.registerOutputs(Object.fromEntries(outputs));
  }

  /** For functions that create children of this component. */
  protected part(): Part {
    return { child: (suffix) => this.child(suffix), options: (more) => this.options(more) };
  }

  protected child(suffix: string): string {
    return `${this.name}-${suffix}`;
  }

  /** Options for a child; the caller's options take precedence. */
  protected options(more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return pulumi.mergeOptions({ parent: this, dependsOn: [...this.#after] }, more);
  }
}

/** Must be known now: a list that is computed later could not be passed on to children. */
function resources(
  name: string,
  dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
): readonly pulumi.Resource[] {
  const list = dependsOn === undefined ? [] : Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return list.map((one) => {
    if (pulumi.Resource.isInstance(one)) return one;
    throw new ComponentError(
      name,
      "dependsOn",
      "an output",
      "a list of resources",
      "Pass the resources themselves.",
    );
  });
}

/** An invalid argument of a component, thrown before its first child is created. */
export class ComponentError extends pulumi.RunError {
  constructor(component: string, key: string, value: string, allowed: string, next: string) {
    super(`${component}: ${key} is ${value}, but must be ${allowed}. ${next}`);
  }
}
