import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "./transform";

/** What a component may leave in the state: plain values, never a secret. */
export type PublicArguments = Readonly<Record<string, string | number | boolean | undefined>>;

/** Options of every component. */
export interface ComponentOptions extends pulumi.ComponentResourceOptions {
  /**
   * Changes to the resources below the component, applied in this order. One that applies to no
   * resource is refused.
   * @default none
   */
  readonly transform?: readonly Transform[];
}

/**
 * The base of every component. It fixes the type token (`runstack:<folder>:<Kind>`), keeps the
 * component's own name, and derives the names of its children: always `<name>-<suffix>`, so that a
 * child can be found from its parent and two environments never differ by accident.
 *
 * What a component depends on, its children depend on too. Pulumi passes down providers and
 * protection by itself, but not `dependsOn`: without this, a component that waits for a chart would
 * have children that do not.
 */
export abstract class Component extends pulumi.ComponentResource {
  readonly name: string;
  readonly #after: readonly pulumi.Resource[];
  readonly #transform: readonly Transform[];

  /** Only `recorded` goes into the state: pass the few plain arguments worth reading there. */
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
   * Registers every public property as an output of its own name. Call it once, last in the
   * constructor. What only the component's own code reads is a `#private` field, which is no output.
   */
  protected publish(): void {
    for (const { about, isApplied } of this.#transform) {
      if (isApplied) continue;
      throw new ComponentError(
        this.name,
        `transform of ${about}`,
        "applied to no resource",
        "for a class and a name that this component creates",
        "Look for the resource in the plan: `npm run -s plan -- STACK`.",
      );
    }
    const outputs = Object.entries(this).filter(
      ([key]) => !key.startsWith("__") && key !== "name" && key !== "urn",
    );
    this.registerOutputs(Object.fromEntries(outputs));
  }

  protected child(suffix: string): string {
    return `${this.name}-${suffix}`;
  }

  /** Options for a child; what the caller adds wins. */
  protected options(more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return pulumi.mergeOptions({ parent: this, dependsOn: [...this.#after] }, more);
  }
}

/** A list known now: one that is computed later could not be passed on to children. */
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

/** A mistake in what a component was given: said before its first child exists. */
export class ComponentError extends pulumi.RunError {
  constructor(component: string, key: string, value: string, allowed: string, next: string) {
    super(`${component}: ${key} is ${value}, but must be ${allowed}. ${next}`);
  }
}
