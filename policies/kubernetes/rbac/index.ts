/** Policies on who may do what in the cluster. */
import { bindings } from "./bindings";
import { reached } from "./reach";
import { roles } from "./roles";
import type { Policy } from "../../policy";

export const rbac: readonly Policy[] = [...roles, ...bindings, ...reached];
