/** Policies on Kubernetes objects, beyond the Pod Security Standards. */
import type { Policy } from "../policy";
import { alike } from "./alike";
import { api } from "./api";
import { apiKinds } from "./api-kinds";
import { apiVersions } from "./api-versions";
import { autoscaling } from "./autoscaling";
import { availability } from "./availability";
import { claims } from "./claims";
import { dapr } from "./dapr";
import { filesystems } from "./filesystems";
import { hosts } from "./hosts";
import { operatorReferences } from "./references/operators";
import { images } from "./images";
import { jobs } from "./jobs";
import { metadata } from "./metadata";
import { nakedPods } from "./naked-pods";
import { podAffinity } from "./pod-affinity";
import { podShape } from "./pod-shape";
import { network } from "./network";
import { environmentVariables } from "./environment-variables";
import { gatewayRedirects } from "./gateway-redirects";
import { gateways } from "./gateways";
import { ingress } from "./ingress";
import { namespacesExist } from "./namespaces-exist";
import { networkPorts } from "./network-ports";
import { networkReach } from "./network-reach";
import { networkPolicies } from "./network-policies";
import { servicePorts } from "./service-ports";
import { services } from "./services";
import { plainSecrets } from "./plain-secrets";
import { ports } from "./ports";
import { budgets } from "./pdb";
import { probes } from "./probes";
import { quotas } from "./quotas";
import { rbac } from "./rbac";
import { references } from "./references";
import { registries } from "./registries";
import { resources } from "./resources";
import { rollout } from "./rollout";
import { selectorValues } from "./selector-values";
import { secretFiles } from "./secret-files";
import { secrets } from "./secrets";
import { securityContexts } from "./security-contexts";
import { serviceAccounts } from "./service-accounts";
import { spreading } from "./spread";
import { storageClasses } from "./storage-classes";
import { alertRoutes } from "./alert-routes";
import { alerts } from "./alerts";
import { certificates } from "./certificates";
import { daprAccess } from "./dapr-access";
import { daprTopics } from "./dapr-topics";
import { daprSecurity } from "./dapr-security";
import { externalSecrets } from "./external-secrets";
import { kafka } from "./kafka";
import { kafkaAccess } from "./kafka-access";
import { kafkaScalers } from "./kafka-scalers";
import { kafkaWatched } from "./kafka-watched";
import { monitors } from "./monitors";
import { postgres } from "./postgres";

export const kubernetes: readonly Policy[] = [
  ...api,
  ...podShape,
  ...nakedPods,
  ...securityContexts,
  ...filesystems,
  ...serviceAccounts,
  ...ports,
  ...resources,
  ...quotas,
  ...jobs,
  ...probes,
  ...images,
  ...registries,
  ...availability,
  ...budgets,
  ...spreading,
  ...podAffinity,
  ...rollout,
  ...autoscaling,
  ...references,
  ...dapr,
  ...network,
  ...networkPolicies,
  networkPorts,
  networkReach,
  selectorValues,
  hosts,
  operatorReferences,
  ...alike,
  namespacesExist,
  ...services,
  ...servicePorts,
  ...ingress,
  ...gateways,
  ...gatewayRedirects,
  ...secrets,
  ...plainSecrets,
  ...secretFiles,
  ...environmentVariables,
  ...rbac,
  ...externalSecrets,
  ...certificates,
  daprAccess,
  ...daprTopics,
  ...daprSecurity,
  ...kafka,
  ...kafkaAccess,
  ...kafkaScalers,
  kafkaWatched,
  ...postgres,
  ...alerts,
  ...alertRoutes,
  ...monitors,
  ...metadata,
  ...apiKinds,
  ...apiVersions,
  ...storageClasses,
  ...claims,
];
