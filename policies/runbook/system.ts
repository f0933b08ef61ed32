/** Shared code of this folder: each policy compares the stack with its system. */
import { isProduction } from "../policy-context";
import type { CheckContext, Stack, StackCheck, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import type { Element, Service, System } from "../../systems/model";

export interface Compared {
  readonly system: System;
  readonly stack: Stack;
  readonly context: CheckContext;
  /** Staging runs less of everything on purpose. */
  readonly production: boolean;
}

/** Without a known system there is nothing to compare with, so nothing is reported. */
export function compare(evaluate: (compared: Compared) => void): StackCheck {
  return {
    kind: "stack",
    run: (stack, context) => {
      const { system } = context;
      if (system === undefined) return;
      evaluate({ system, stack, context, production: isProduction(context) });
    },
  };
}

export const runbookOf = ({ runbook }: System): string => `the runbook "${runbook.title}"`;

/** `the runbook "Shop Runbook" requires it (Events / Topics)`. */
export const demandedBy = (system: System, { clause }: Element): string =>
  `${runbookOf(system)} requires it (${clause.heading})`;

/** The Deployments that run a service: one, or its two colors. */
export function workloadsOf({ workload, rollout }: Service): readonly string[] {
  const colours = rollout.kind === "blueGreen" ? rollout.deployments : undefined;
  return [...new Set([workload, ...Object.values(colours ?? {})])];
}

const DEPLOYMENT = "kubernetes:apps:Deployment";

/** A Deployment that runs a service, of either color. */
export interface Running {
  readonly service: Service;
  readonly resource: StackResource;
}

/** The Deployments of the system's services, found by the names that the runbook's commands use. */
export function running({ system, stack }: Pick<Compared, "system" | "stack">): readonly Running[] {
  const services = new Map(
    system.services.flatMap((service) => workloadsOf(service).map((name) => [name, service])),
  );
  return stack.of(DEPLOYMENT).flatMap((resource) => {
    const name = resource.props.get("metadata", "name").string;
    const service = name === undefined ? undefined : services.get(name);
    return service === undefined ? [] : [{ service, resource }];
  });
}

export const common = { themes: ["runbook"], enforcement: STRICT_IN_PRODUCTION } as const;
export const recovery = { themes: ["recovery"], enforcement: STRICT_IN_PRODUCTION } as const;
