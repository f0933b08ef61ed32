import type { CloudName, EnvironmentName, System } from "../systems/model";
import { PROFILES } from "./clouds";
import type { CloudProfile } from "./clouds/profile";
import type { Values } from "./keys";

/** Where a stack runs and what it runs: what rules and defaults depend on. */
export interface Site {
  /** As this stack runs it: see `resolveSystem`. */
  readonly system: System;
  readonly environment: EnvironmentName;
  /** Every environment except staging: durable, replicated, protected. */
  readonly production: boolean;
  readonly cloud: CloudName;
  readonly profile: CloudProfile;
  /** Undefined if neither the stack nor the runbook (for this cloud) names one. */
  readonly region: string | undefined;
  /** The Google Cloud project; empty on other clouds, or if none is named. */
  readonly project: string;
  /** The system's host name. */
  readonly domain: string;
  /** Whether the stack writes DNS records. */
  readonly writesRecords: boolean;
  /** Which build of the environment this is. */
  readonly incarnation: number;
  /** Of bucket names. */
  readonly namePrefix: string | undefined;
}

/** Reads values on demand, so that a rule fails only because of values that it uses. */
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

  get writesRecords(): boolean {
    return this.values.dns !== "manual";
  }

  get incarnation(): number {
    return this.values.incarnation ?? 1;
  }

  get namePrefix(): string | undefined {
    return this.values.namePrefix;
  }
}

export const siteOf = (values: Values, system: System): Site => new StackSite(values, system);
