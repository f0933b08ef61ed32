/** The cluster a system runs on, and its namespaces. */
import type { Element, Range } from "./element";
import type { Cpu, Size } from "../units";

export interface Cluster extends Element {
  readonly name: string;
  readonly pools: readonly (Element & {
    readonly name: string;
    /** Instance types that the runbook fixes; absent if the stack chooses. */
    readonly instanceTypes?: readonly string[];
    readonly nodes: Range;
  })[];
}

/** The namespace per environment (an environment without one uses `prod`'s name), and others. */
export interface Namespaces extends Element {
  readonly prod: string;
  readonly staging?: string;
  readonly monitoring?: string;
  /** Upper bounds for everything in the namespace together. */
  readonly quota?: Element & {
    readonly requests: { readonly cpu: Cpu; readonly memory: Size };
    readonly limits: { readonly memory: Size };
    readonly pods: number;
  };
}

/** A Role in the system's namespace, in Kubernetes' own terms. */
export interface AccessRole extends Element {
  readonly name: string;
  readonly purpose: string;
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}
