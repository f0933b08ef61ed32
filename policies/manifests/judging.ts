/** Which policies say anything of plain Kubernetes objects. */
import type { Policy } from "../policy";

/** The first word of the policies of each folder that judges no manifest. */
const OF_PROGRAMS = /^(?:aws|digitalocean|gcp|pulumi|runbook)-/;

/** Whether a policy judges objects in manifests, rather than a Pulumi program, a runbook or a cloud. */
export const judgesManifests = ({ name, needs }: Policy): boolean =>
  needs !== "program" && !OF_PROGRAMS.test(name);

/** Whether a policy looks at any object of these types: one about all objects together looks at each. */
export function judgesSome({ check }: Policy, types: ReadonlySet<string>): boolean {
  if (check.kind === "stack" || check.types === "every") return types.size > 0;
  return check.types.some((type) => types.has(type));
}
