import type { MaintenanceWindow } from "../../../systems/model";
import { clock, MINUTES_A_DAY, minutesOf, WEEK } from "../../kit/clock";

export type Window = Pick<MaintenanceWindow, "day" | "start" | "duration">;

/** A weekly window in Amazon's format, in UTC: `sun:23:00-mon:01:00`. Pure. */
export function weeklyWindow(window: Window): string {
  const first = WEEK.indexOf(window.day);
  const day = (minutes: number) =>
    (WEEK[(first + Math.floor(minutes / MINUTES_A_DAY)) % WEEK.length] ?? window.day).slice(0, 3);
  const start = minutesOf(window.start);
  const end = start + window.duration.seconds / 60;
  return `${day(start)}:${clock(start)}-${day(end)}:${clock(end)}`;
}
