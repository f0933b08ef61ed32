/** Policies on references between objects. */
import type { Policy } from "../../policy";
import { classes } from "./classes";
import { hostnames } from "./hostnames";
import { podReferences } from "./pods";
import { roles } from "./roles";
import { routes } from "./routes";
import { selecting } from "./selecting";

export const references: readonly Policy[] = [
  ...podReferences,
  ...selecting,
  ...routes,
  ...hostnames,
  ...roles,
  ...classes,
];
