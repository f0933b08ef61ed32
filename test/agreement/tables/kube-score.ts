import { COVERED, anywhere, at, by, byWith, inDeployment, type Table } from "../mapping";

const EQUAL = {
  "container-limit-ratio": { memoryRatio: 1, processorRatio: 1 },
  "container-resources": { processorLimit: true },
};

export const KUBE_SCORE: Table = {
  "Deployment Strategy": by("deployment-rolling-update"),
  "Deployment Replicas": by("workload-replicated"),
  "Container Resources": byWith(
    { "container-resources": { processorLimit: true } },
    "container-resources",
  ),
  "Container Resource Requests Equal Limits": byWith(
    EQUAL,
    "container-limit-ratio",
    "container-resources",
  ),
  "Container CPU Requests Equal Limits": byWith(
    EQUAL,
    "container-limit-ratio",
    "container-resources",
  ),
  "Container Memory Requests Equal Limits": byWith(
    EQUAL,
    "container-limit-ratio",
    "container-resources",
  ),
  "Container Image Tag": by("image-pinned"),
  "Container Image Pull Policy": byWith(
    { "image-pull-policy": { always: true } },
    "image-pull-policy",
  ),
  "Container Ephemeral Storage Request and Limit": byWith(
    { "ephemeral-storage-bounded": { containers: true } },
    "ephemeral-storage-bounded",
  ),
  "Container Ephemeral Storage Request Equals Limit":
    "equal requests and limits of ephemeral storage gain nothing: nodes evict above the limit in any case",
  "Container Ports Check": by("api-field-required", "api-rules", "api-value-allowed"),
  "Environment Variable Key Duplication": by("env-names-unique"),
  "Deployment has host PodAntiAffinity": byWith(
    { "workload-spread": { zone: false } },
    "workload-spread",
  ),
  "StatefulSet has host PodAntiAffinity": byWith(
    { "workload-spread": { zone: false } },
    "workload-spread",
  ),
  "Deployment targeted by HPA does not have replicas configured": by("autoscaled-replicas"),
  "StatefulSet has ServiceName": by("statefulset-service"),
  "StatefulSet Pod Selector labels match template metadata labels": by(
    "workload-selector",
    "api-rules",
  ),
  "Deployment Pod Selector labels match template metadata labels": by(
    "workload-selector",
    "api-rules",
  ),
  "Ingress targets Service": byWith(
    { "route-backend": { foreign: true } },
    "route-backend",
    "api-rules",
    "api-field-required",
    "api-field-known",
  ),
  "Service Targets Pod": by("service-selects-pods"),
  "Service Type": by("service-no-node-port"),
  "HorizontalPodAutoscaler has target": by("autoscaler-target"),
  "HorizontalPodAutoscaler Replicas": anywhere(by("autoscaler-range", "workload-replicated")),
  "StatefulSet has PodDisruptionBudget": by("workload-disruption-budget"),
  "Deployment has PodDisruptionBudget": by("workload-disruption-budget"),
  "PodDisruptionBudget has policy": by("pdb-allows-eviction"),
  "Stable version": by("api-version-served", "api-version-stable"),
  "Pod Probes": inDeployment(by("container-probes", "pod-readiness")),
  "Pod Probes Identical": inDeployment(by("container-probes-distinct")),
  "Container Seccomp Profile": by("pod-security-restricted-seccomp"),
  "Container Security Context User Group ID": by("container-user-high"),
  "Container Security Context Privileged": by("pod-security-baseline-privileged"),
  "Container Security Context ReadOnlyRootFilesystem": by("container-filesystem-read-only"),
  "Pod NetworkPolicy": COVERED,
  "NetworkPolicy targets Pod": by("network-policy-selects"),
  "Pod Topology Spread Constraints": at(
    /topologySpread/,
    inDeployment(by("api-rules", "api-field-required", "api-value-allowed", "workload-spread")),
  ),
  "CronJob has deadline": by("cron-job-deadline"),
  "CronJob RestartPolicy": by("job-restart-policy", "api-value-allowed", "api-rules"),
};
