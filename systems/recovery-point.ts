/** How much of a data service a runbook allows to be lost. */
import type { RecoveryObjective, System } from "./model";
import type { Duration } from "./units";

export interface RecoveryPoint {
  readonly objective: RecoveryObjective;
  readonly rpo: Duration;
}

/**
 * The strictest recovery point of a data service: its own, or that of a service that stores data in
 * it.
 */
export function recoveryPointOf(
  { recovery, services }: Pick<System, "recovery" | "services">,
  name: string,
): RecoveryPoint | undefined {
  const users = services.filter(({ uses }) => uses.includes(name)).map((one) => one.name);
  const points = recovery
    .filter(({ of }) => of === name || users.includes(of))
    .flatMap((objective) =>
      objective.rpo === undefined ? [] : [{ objective, rpo: objective.rpo }],
    );
  const [strictest] = points.sort((a, b) => a.rpo.seconds - b.rpo.seconds);
  return strictest;
}
