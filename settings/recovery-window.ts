/** How far back a database can be restored: what its service keeps, and what a restore may ask for. Pure. */
import type { Database, System } from "../systems/model";
import { days, seconds, type Duration } from "../systems/units";

const WEEK = days(7);

interface Window {
  readonly production: boolean;
  /** `runstack:pointInTimeRecovery`, in days. */
  readonly pointInTimeRecovery: number | undefined;
}

/** Staging keeps a week, which every cloud supports; production keeps the runbook's period. */
export function recoveryWindow(
  { pointInTimeRecovery: runbook = WEEK }: Pick<Database, "pointInTimeRecovery">,
  { production, pointInTimeRecovery: given }: Window,
): Duration {
  if (given !== undefined) return days(given);
  return production ? runbook : WEEK;
}

/**
 * How far a service reaches back whose backups live as long as its log: as the runbook asks of either. Cloud SQL counts
 * its backups apart.
 */
export function keptFor(
  database: Pick<Database, "name" | "pointInTimeRecovery">,
  stack: Window & { readonly system: Pick<System, "backups"> },
): Duration {
  const kept = stack.system.backups
    .filter(({ of, method }) => stack.production && of === database.name && method === "provider")
    .map(({ retention }) => retention);
  return [recoveryWindow(database, stack), ...kept].reduce((a, b) =>
    a.seconds < b.seconds ? b : a,
  );
}

/** What CloudNativePG's own `archive_timeout` of 300 seconds keeps. */
const ARCHIVED_WITHIN = seconds(500);

/**
 * How soon the archive of an operator's database has what is written: within its recovery point, or that of a service
 * that uses it.
 */
export function archivedWithin(
  { name }: Pick<Database, "name">,
  { recovery, services }: Pick<System, "recovery" | "services">,
): Duration {
  const users = services.filter(({ uses }) => uses.includes(name));
  const about = [name, ...users.map((service) => service.name)];
  return recovery
    .flatMap(({ of, rpo }) => (rpo !== undefined && about.includes(of) ? [rpo] : []))
    .reduce((a, b) => (b.seconds < a.seconds ? b : a), ARCHIVED_WITHIN);
}
