import * as pulumi from "@pulumi/pulumi";

/** What a component may leave in the state: plain values, never a secret. */
export type PublicArguments = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The base of every component. It fixes the type token (`runstack:<folder>:<Kind>`), keeps the
 * component's own name, and derives the names of its children: always `<name>-<suffix>`, so that a
 * child can be found from its parent and two environments never differ by accident.
 */
export abstract class Component extends pulumi.ComponentResource {
  readonly name: string;

  /** Only `recorded` goes into the state: pass the few plain arguments worth reading there. */
  protected constructor(
    kind: string,
    name: string,
    recorded: PublicArguments,
    options: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(`runstack:${kind}`, name, recorded, options);
    this.name = name;
  }

  protected child(suffix: string): string {
    return `${this.name}-${suffix}`;
  }

  /** Options for a child; what the caller adds wins. */
  protected options(more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return pulumi.mergeOptions({ parent: this }, more);
  }
}

/** A mistake in what a component was given: said before its first child exists. */
export class ComponentError extends pulumi.RunError {
  constructor(component: string, key: string, value: string, allowed: string, next: string) {
    super(`${component}: ${key} is ${value}, but must be ${allowed}. ${next}`);
  }
}
