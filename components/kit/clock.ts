/** Times of day, in minutes since midnight. Pure. */
import type { MaintenanceWindow } from "../../systems/model";

export const MINUTES_A_DAY = 24 * 60;

export const WEEK = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const satisfies readonly MaintenanceWindow["day"][];

/** `HH:MM` as minutes since midnight; NaN for anything else. */
export function minutesOf(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  return match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
}

/** Minutes since some midnight as `HH:MM` of their day. */
export function clock(minutes: number): string {
  const ofDay = ((minutes % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
}
