import type { CloudName, EnvironmentName, System } from "../systems/model";
import { PROFILES } from "./clouds";
import type { CloudProfile } from "./clouds/profile";
import type { Values } from "./keys";

/** Where a stack is and what it runs there: what rules and defaults depend on. */
export interface Site {
  /** As this stack runs it: see `resolveSystem`. */
  readonly system: System;
  readonly environment: EnvironmentName;
  /** Everything but staging: durable, replicated, protected. */
  readonly production: boolean;
  readonly cloud: CloudName;
  readonly profile: CloudProfile;
  /** Undefined where neither the stack nor, for this cloud, the runbook names one. */
  readonly region: string | undefined;
  /** Of Google Cloud; empty elsewhere, or where nobody names one. */
  readonly project: string;
  /** The system's host name. */
  readonly domain: string;
}

/** Read on demand, so that a rule fails only over what it asks for. */
class StackSite implements Site {
  constructor(
    private readonly values: Values,
    readonly system: System,
  ) {}

  get environment(): EnvironmentName {
    return this.values.environment;
  }

  get production(): boolean {
    return this.environment !== "staging";
  }

  get cloud(): CloudName {
    return this.values.cloud ?? this.system.home.cloud;
  }

  get profile(): CloudProfile {
    return PROFILES[this.cloud];
  }

  get region(): string | undefined {
    const { home } = this.system;
    if (this.values.region !== undefined) return this.values.region;
    if (this.cloud !== home.cloud) return undefined;
    return this.environment === "dr" ? (home.recoveryRegion ?? home.region) : home.region;
  }

  get project(): string {
    return this.cloud === "gcp" ? (this.values.project ?? this.system.home.project ?? "") : "";
  }

  get domain(): string {
    return this.values.domain;
  }
}

export const siteOf = (values: Values, system: System): Site => new StackSite(values, system);
