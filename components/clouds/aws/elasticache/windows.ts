/** The weekly maintenance and daily snapshot windows, in ElastiCache's format. Pure. */
import { clock, minutesOf } from "../../../kit/clock";
import type { Window } from "../window";

/** ElastiCache's minimum for either. */
export const LEAST_MINUTES = 60;

export const minutesLong = ({ duration }: Window): number => duration.seconds / 60;

/** Of the daily snapshot, `05:30-06:30`: it starts an hour after the maintenance window ends. */
export function snapshotWindow(window: Window): string {
  const start = minutesOf(window.start) + minutesLong(window) + LEAST_MINUTES;
  return `${clock(start)}-${clock(start + LEAST_MINUTES)}`;
}
