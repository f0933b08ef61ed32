import type * as pulumi from "@pulumi/pulumi";

/** What a component hands to the functions that create its children. */
export interface Part {
  /** The child's name: `<component>-<suffix>`. */
  readonly child: (suffix: string) => string;
  /** Options of a child: its parent, and what is given on top. */
  readonly options: (more?: pulumi.CustomResourceOptions) => pulumi.CustomResourceOptions;
}
