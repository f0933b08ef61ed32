/** Policies on how a Pulumi program declares its resources. */
import type { Policy } from "../policy";
import { protection } from "./protection";

export const pulumi: readonly Policy[] = [...protection];
