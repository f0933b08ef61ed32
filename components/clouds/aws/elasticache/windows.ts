import type { MaintenanceWindow } from "../../../../systems/model";

/** The two times of a week and a day at which ElastiCache works on a store, in its notation. Pure. */

const DAY = 24 * 60;
const DAYS = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;

export type Window = Pick<MaintenanceWindow, "day" | "start" | "duration">;

/** ElastiCache's least, for either. */
export const LEAST_MINUTES = 60;

const minutesOf = (clock: string): number => {
  const [hours = "", minutes = ""] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
};

const clockOf = (minutes: number): string => {
  const inDay = minutes % DAY;
  const digits = (n: number) => String(n).padStart(2, "0");
  return `${digits(Math.floor(inDay / 60))}:${digits(inDay % 60)}`;
};

export const minutesLong = ({ duration }: Window): number => duration.seconds / 60;

/** `sun:23:00-mon:01:00`. */
export function maintenanceWindow(window: Window): string {
  const first = DAYS.indexOf(window.day);
  const from = minutesOf(window.start);
  const to = from + minutesLong(window);
  const day = (minutes: number) => DAYS[(first + Math.floor(minutes / DAY)) % DAYS.length] ?? "";
  return `${day(from).slice(0, 3)}:${clockOf(from)}-${day(to).slice(0, 3)}:${clockOf(to)}`;
}

/** Of the daily snapshot, `05:30-06:30`: it begins an hour after the maintenance ends. */
export function snapshotWindow(window: Window): string {
  const start = minutesOf(window.start) + minutesLong(window) + LEAST_MINUTES;
  return `${clockOf(start)}-${clockOf(start + LEAST_MINUTES)}`;
}
