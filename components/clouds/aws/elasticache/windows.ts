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

export const isClock = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

export const minutesLong = ({ duration }: Window): number => duration.seconds / 60;

/** `sun:23:00-mon:01:00`. */
export function maintenanceWindow(window: Window): string {
  const first = DAYS.indexOf(window.day);
  const from = minutesOf(window.start);
  const to = from + minutesLong(window);
  const day = (minutes: number) => DAYS[(first + Math.floor(minutes / DAY)) % DAYS.length] ?? "";
  return `${day(from).slice(0, 3)}:${clockOf(from)}-${day(to).slice(0, 3)}:${clockOf(to)}`;
}

/** When the daily snapshot begins, if nobody says so: an hour after the maintenance ends. */
export const snapshotStartAfter = (window: Window): string =>
  clockOf(minutesOf(window.start) + minutesLong(window) + LEAST_MINUTES);

/** `05:30-06:30`. */
export const snapshotWindow = (start: string): string =>
  `${start}-${clockOf(minutesOf(start) + LEAST_MINUTES)}`;

/** Whether on the day of the maintenance both would run at once. */
export function windowsOverlap(window: Window, snapshotStart: string): boolean {
  const maintenance = minutesOf(window.start);
  // How far the one begins after the other, around the clock.
  const snapshotAfter = (minutesOf(snapshotStart) - maintenance + DAY) % DAY;
  return snapshotAfter < minutesLong(window) || snapshotAfter + LEAST_MINUTES > DAY;
}
