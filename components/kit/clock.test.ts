import fc from "fast-check";
import { expect, it } from "vitest";
import { clock, minutesOf } from "./clock";

it("reads and writes every minute of a day, and rejects anything else", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1439 }), (minute) => {
      expect(minutesOf(clock(minute))).toBe(minute);
      expect(clock(minute - 1440)).toBe(clock(minute));
    }),
  );
  expect(["24:00", "3:00", "03:60", "", "03:00:00"].map(minutesOf)).toEqual(Array(5).fill(NaN));
});
