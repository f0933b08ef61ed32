/** How a user changes single fields of resources without a copy of the component that makes them. */
import type * as pulumi from "@pulumi/pulumi";

/** What a resource is created with. */
export interface Creation<A> {
  readonly args: A;
  readonly options: pulumi.CustomResourceOptions;
}

/** A resource of a provider's SDK, with the type of its arguments. */
export type ResourceClass<A> = new (
  name: string,
  args: A,
  options?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** A change to every resource of one class below a component, or to one of them. */
export class Transform {
  /** How many resources it was applied to. */
  #applied = 0;

  private constructor(
    /** What it is about, for messages. */
    readonly about: string,
    private readonly change: pulumi.ResourceTransformation,
  ) {}

  /**
   * @param resource the class of the resources, as `rds.Instance` of `@pulumi/aws/rds`
   * @param change the new arguments and options; what it leaves out stays as it was
   * @param only the name of the one resource, as a plan shows it. @default every resource of the class
   *
   * @example
   * Transform.of(rds.Instance, ({ args }) => ({ args: { ...args, monitoringInterval: 15 } }))
   *
   * A change can undo what a component ensures: the policies judge the result, as they judge every plan.
   * Changing a field that forces a replacement replaces the data with it.
   */
  static of<A>(
    resource: ResourceClass<A>,
    change: (creation: Creation<NonNullable<A>>, name: string) => Partial<Creation<A>>,
    only?: string,
  ): Transform {
    const about = only === undefined ? resource.name : `${resource.name} ${only}`;
    return new Transform(about, ({ resource: created, name, props, opts }) => {
      if (!(created instanceof resource) || (only !== undefined && name !== only)) return undefined;
      const given = { args: props as NonNullable<A>, options: opts };
      const { args, options } = { ...given, ...change(given, name) };
      return { props: args as pulumi.Inputs, opts: options };
    });
  }

  /** For Pulumi, which asks for each resource below the component. */
  readonly apply: pulumi.ResourceTransformation = (given) => {
    const result = this.change(given);
    if (result !== undefined) this.#applied += 1;
    return result;
  };

  get isApplied(): boolean {
    return this.#applied > 0;
  }
}
