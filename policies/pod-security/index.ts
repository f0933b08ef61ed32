/** Kubernetes' Pod Security Standards. */
import type { Policy } from "../policy";
import { restricted } from "./restricted";

export const podSecurity: readonly Policy[] = [...restricted];
