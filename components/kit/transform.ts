/** Lets a user change single fields of resources without copying the component. */
import type * as pulumi from "@pulumi/pulumi";

/** Arguments and options of a resource. */
export interface Creation<A> {
  readonly args: A;
  readonly options: pulumi.CustomResourceOptions;
}

/** A resource class of a provider's SDK, with the type of its arguments. */
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
    /** What it applies to, for messages. */
    readonly about: string,
    private readonly change: pulumi.ResourceTransformation,
  ) {}

  /**
   * @param resource the class of the resources, such as `rds.Instance` of `@pulumi/aws/rds`
   * @param change returns new arguments and options; what it leaves out stays as it was
   * @param only the name of a single resource, as a plan shows it. @default every resource of the
   * class
   *
   * @example
   * Transform.of(rds.Instance, ({ args }) => ({ args: { ...args, monitoringInterval: 15 } }))
   *
   * A change can undo what a component ensures: the policies check the result as in every plan.
   * Changing a field that forces a replacement also replaces the data.
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

  /** For Pulumi, which calls it for each resource below the component. */
  readonly apply: pulumi.ResourceTransformation = (given) => {
    const result = this.change(given);
    if (result !== undefined) this.#applied += 1;
    return result;
  };

  get isApplied(): boolean {
    return this.#applied > 0;
  }
}
