/**
 * Why a policy that blocks a program's preview is only advice for plain manifests. A stack of this repository is
 * whole, and is run by us; manifests are a part of something, and are run by whoever applies them. There
 * only what is broken or unsafe blocks by itself, and what a team wants more it says in its configuration.
 */
import type { Level, Policy } from "./policy";

/** The reason goes on after "advisory in plain manifests, because". */
export interface InManifests {
  readonly advisory: string;
  /** What blocks there too (`isCertain` of a finding), because it is wrong wherever it is applied; goes on after "except". */
  readonly except?: string;
}

export const ELSEWHERE: InManifests = { advisory: "what it asks for may be created elsewhere" };
export const SIZED: InManifests = {
  advisory: "the size of an installation is decided where it is installed",
};
export const WEIGHED: InManifests = {
  advisory: "teams weigh it differently, and nothing is broken or exposed without it",
};
export const HARDENING: InManifests = {
  advisory: "it is hardening beyond what the baseline standard asks for",
};
export const MEANT: InManifests = { advisory: "they do not say whether it is meant" };
export const OPERATOR: InManifests = {
  advisory: "operators need such rights, and they do not say which program is one",
};

const soft = <Any extends Level | "disabled">(level: Any): Any | "advisory" =>
  level === "mandatory" ? "advisory" : level;

/** The policy with its levels in plain manifests, which a configuration may still change. */
export function forManifests(policy: Policy): Policy {
  if (policy.inManifests === undefined) return policy;
  const { production, staging } = policy.enforcement;
  return { ...policy, enforcement: { production: soft(production), staging: soft(staging) } };
}
