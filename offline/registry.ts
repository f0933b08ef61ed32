/** Everything that a run of the program has registered. */
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { WireObject } from "./wire";

/** Options of a resource, as the engine would store them. */
export interface RecordedOptions {
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** URNs; an alias given in parts is stored in parts. */
  readonly aliases: readonly (string | Readonly<Record<string, string | boolean>>)[];
  readonly retainOnDelete: boolean;
  /** Undefined means the provider decides. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Seconds; zero means the provider's default. */
  readonly customTimeouts: {
    readonly create: number;
    readonly update: number;
    readonly delete: number;
    readonly read: number;
  };
  readonly deletedWith: string;
  readonly replaceWith: readonly string[];
  readonly importId: string;
  readonly version: string;
}

export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN, or empty. */
  readonly parent: string;
  readonly custom: boolean;
  /** Read from a cloud (`get`) rather than owned. */
  readonly external: boolean;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  /** `<urn>::<id>`, or empty. */
  readonly provider: string;
  readonly inputs: WireObject;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: ReadonlyMap<string, readonly string[]>;
  readonly options: RecordedOptions;
  /** Providers that a component passes on, by package. */
  readonly providers: ReadonlyMap<string, string>;
  /** Transforms that also run on the resource's children. */
  readonly transforms: readonly Callback[];
}

/** The state that the engine would have for the resource at the end of a preview. */
export type State = Registration & { outputs: WireObject; outputsRegistered: boolean };

export class Registry {
  private readonly states = new Map<string, State>();

  get(urn: string): State | undefined {
    return this.states.get(urn);
  }

  size(): number {
    return this.states.size;
  }

  /** In order of arrival. */
  all(): State[] {
    return [...this.states.values()];
  }

  /** Returns false if the name is taken; the first registration is kept. */
  add(registration: Registration, outputs: WireObject): boolean {
    if (this.states.has(registration.urn)) return false;
    this.states.set(registration.urn, { ...registration, outputs, outputsRegistered: false });
    return true;
  }
}

export const NO_OPTIONS: RecordedOptions = {
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  retainOnDelete: false,
  deleteBeforeReplace: undefined,
  customTimeouts: { create: 0, update: 0, delete: 0, read: 0 },
  deletedWith: "",
  replaceWith: [],
  importId: "",
  version: "",
};
