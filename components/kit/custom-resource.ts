import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A custom resource; it must depend on the release of the chart with its CRD. */
export function customResource(
  name: string,
  object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
    };
    readonly spec?: pulumi.Input<Readonly<Record<string, unknown>>>;
  } & Readonly<Record<string, unknown>>,
  options: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(name, object, options);
}
