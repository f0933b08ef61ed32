/** Policies on Kubernetes objects, beyond the Pod Security Standards. */
import type { Policy } from "../policy";
import { availability } from "./availability";
import { filesystems } from "./filesystems";
import { images } from "./images";
import { nakedPods } from "./naked-pods";
import { network } from "./network";
import { gateways } from "./gateways";
import { ingress } from "./ingress";
import { networkPolicies } from "./network-policies";
import { services } from "./services";
import { ports } from "./ports";
import { probes } from "./probes";
import { resources } from "./resources";
import { secrets } from "./secrets";
import { securityContexts } from "./security-contexts";
import { serviceAccounts } from "./service-accounts";

export const kubernetes: readonly Policy[] = [
  ...nakedPods,
  ...securityContexts,
  ...filesystems,
  ...serviceAccounts,
  ...ports,
  ...resources,
  ...probes,
  ...images,
  ...availability,
  ...network,
  ...networkPolicies,
  ...services,
  ...ingress,
  ...gateways,
  ...secrets,
];
