/** Policies that compare a stack with its system's runbook. */
import type { Policy } from "../policy";
import { alerts } from "./alerts";
import { apartness } from "./apart";
import { backups } from "./backups";
import { data } from "./data";
import { edge } from "./edge";
import { keeping } from "./keeping";
import { maintenance } from "./maintenance";
import { recoveryPoints } from "./recovery-points";
import { recoveryTime } from "./recovery-time";
import { scaling } from "./scaling";
import { series } from "./series";
import { services } from "./services";
import { slos } from "./slos";
import { kafka } from "./topics";

export const runbook: readonly Policy[] = [
  ...slos,
  ...alerts,
  ...series,
  ...services,
  ...scaling,
  ...edge,
  ...kafka,
  ...data,
  ...recoveryPoints,
  ...backups,
  ...apartness,
  ...recoveryTime,
  ...keeping,
  ...maintenance,
];
