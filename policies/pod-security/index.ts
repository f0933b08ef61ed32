/** Kubernetes' Pod Security Standards. */
import type { Policy } from "../policy";
import { baselineHost } from "./baseline-host";
import { baselineKernel } from "./baseline-kernel";
import { restricted } from "./restricted";

export const podSecurity: readonly Policy[] = [...baselineHost, ...baselineKernel, ...restricted];
