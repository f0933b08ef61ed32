/** A played `up`: what providers answer once they have created a resource. */
import type { Registration } from "./registry";
import type { WireObject } from "./wire";

export interface Created {
  readonly id: string;
  /** All outputs, also those that repeat an input. */
  readonly outputs: WireObject;
}

/** Plays the provider of a resource that is created, or read. */
export type Create = (registration: Registration) => Created;
