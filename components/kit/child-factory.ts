import type * as pulumi from "@pulumi/pulumi";

/** What a component passes to the functions that create its children. */
export interface Part {
  /** The child's name: `<component>-<suffix>`. */
  readonly child: (suffix: string) => string;
  /** Options for a child: its parent, and the given ones. */
  readonly options: (more?: pulumi.CustomResourceOptions) => pulumi.CustomResourceOptions;
}
