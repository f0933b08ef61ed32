/** Policies on Kubernetes objects, beyond the Pod Security Standards. */
import type { Policy } from "../policy";
import { availability } from "./availability";
import { images } from "./images";
import { network } from "./network";
import { probes } from "./probes";
import { resources } from "./resources";
import { secrets } from "./secrets";

export const kubernetes: readonly Policy[] = [
  ...resources,
  ...probes,
  ...images,
  ...availability,
  ...network,
  ...secrets,
];
