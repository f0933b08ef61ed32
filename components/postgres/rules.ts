import type { Duration, Size } from "../../systems/units";
import { quoted, type Rule } from "../kit/validation";

const DAY = 86_400;
const GIBIBYTE = 1024 ** 3;

/** Whole days, the unit of retention in every cloud. */
export const inDays = (duration: Duration): number => duration.seconds / DAY;

/** Whole gibibytes, the unit of storage in every cloud. */
export const inGib = (size: Size): number => size.bytes / GIBIBYTE;

/** Names that PostgreSQL accepts without quotes, and that every cloud accepts. */
const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Roles and databases that the server or its operator already has. */
const TAKEN = /^(pg_.*|rds.*|cloudsql.*|admin|azuresu|doadmin|postgres|public|template[01])$/;

/** The database and its owner. */
export const nameRules = (names: Readonly<Record<string, string>>): readonly Rule[] =>
  Object.entries(names).map(([key, value]) => ({
    holds: NAME.test(value) && !TAKEN.test(value),
    key,
    value: quoted(value),
    allowed:
      "1 to 63 lower-case letters, digits and underscores that begin with a letter, and not reserved by the server",
    next: "Choose another name; it cannot be changed later.",
  }));

/** The recovery window: the cloud's maximum and the runbook's minimum. */
export function retentionRules(
  retention: { readonly pointInTimeRecovery: Duration; readonly leastRetention?: Duration },
  most: { readonly days: number; readonly because: string },
): readonly Rule[] {
  const { pointInTimeRecovery, leastRetention } = retention;
  const days = inDays(pointInTimeRecovery);
  const least = leastRetention === undefined ? 1 : inDays(leastRetention);
  return [
    {
      holds: Number.isInteger(days) && days >= 1 && days <= most.days,
      key: "pointInTimeRecovery",
      value: dayText(days),
      allowed: `1 to ${dayText(most.days)}, in whole days`,
      next: `${most.because} For longer retention, keep dumps.`,
    },
    {
      holds: days >= least,
      key: "pointInTimeRecovery",
      value: dayText(days),
      allowed: `at least ${dayText(least)}, the runbook's minimum`,
      next: "Raise it, or change the runbook's recovery point.",
    },
  ];
}

export const dayText = (days: number): string => `${days} ${days === 1 ? "day" : "days"}`;
