/**
 * Custom kinds of well-known operators that create nothing which other objects name, and run no pods. A kind that is
 * neither here nor in makers.ts, runners.ts or `OPEN` is unknown: it may create anything in its namespace.
 */
import { isBuiltIn } from "../api-kinds";

/** API group → its kinds, or all of them. The sources are the operators' API references. */
const IDLE: Readonly<Record<string, string>> = {
  // https://argo-cd.readthedocs.io, https://argo-rollouts.readthedocs.io, https://argo-workflows.readthedocs.io
  "argoproj.io":
    "AnalysisTemplate AppProject ClusterAnalysisTemplate ClusterWorkflowTemplate Rollout WorkflowArtifactGCTask WorkflowTaskResult WorkflowTemplate",
  // Its pods are those of its template, as a Deployment's are.
  "apps.openshift.io": "DeploymentConfig",
  "autoscaling.k8s.io": "*",
  "barmancloud.cnpg.io": "*",
  "cert-manager.io": "CertificateRequest ClusterIssuer",
  "cilium.io": "*",
  "cloud.google.com": "BackendConfig",
  // https://projectcontour.io/docs/main/config/api/
  "projectcontour.io": "ExtensionService HTTPProxy TLSCertificateDelegation",
  "configuration.konghq.com": "*",
  "crd.projectcalico.org": "*",
  "dapr.io": "*",
  "elbv2.k8s.aws": "*",
  "external-secrets.io": "ClusterSecretStore PushSecret SecretStore",
  "externaldns.k8s.io": "*",
  // https://fluxcd.io/flux/components/: sources and notifications only; what deploys is in `OPEN`
  "source.toolkit.fluxcd.io": "*",
  "notification.toolkit.fluxcd.io": "*",
  "image.toolkit.fluxcd.io": "*",
  "gateway.envoyproxy.io": "*",
  "generators.external-secrets.io": "*",
  // A Host creates the Secret of its certificate.
  "getambassador.io":
    "AuthService ConsulResolver DevPortal KubernetesEndpointResolver KubernetesServiceResolver Listener LogService Mapping Module RateLimitService TCPMapping TLSContext TracingService",
  "gateway.networking.k8s.io":
    "BackendTLSPolicy GRPCRoute GatewayClass HTTPRoute ListenerSet ReferenceGrant TCPRoute TLSRoute UDPRoute",
  // https://istio.io/latest/docs/reference/config/: it configures proxies; a WorkloadEntry takes the place of a pod
  "extensions.istio.io": "*",
  "networking.istio.io":
    "DestinationRule EnvoyFilter Gateway ProxyConfig ServiceEntry Sidecar VirtualService WorkloadGroup",
  "security.istio.io": "*",
  "telemetry.istio.io": "*",
  "kafka.strimzi.io": "KafkaConnector KafkaRebalance KafkaTopic",
  "karpenter.k8s.aws": "*",
  "karpenter.sh": "*",
  "keda.sh": "CloudEventSource ClusterTriggerAuthentication ScaledObject TriggerAuthentication",
  "kyverno.io": "CleanupPolicy ClusterCleanupPolicy PolicyException",
  "linkerd.io": "*",
  "monitoring.coreos.com":
    "AlertmanagerConfig PodMonitor Probe PrometheusRule ScrapeConfig ServiceMonitor",
  "networking.gke.io": "*",
  "policy.networking.k8s.io": "*",
  "nfd.k8s-sigs.io": "*",
  "opentelemetry.io": "Instrumentation",
  "policy.linkerd.io": "*",
  "postgresql.cnpg.io":
    "Backup Database ImageCatalog ClusterImageCatalog Publication ScheduledBackup Subscription",
  "projectcalico.org": "*",
  "rabbitmq.com":
    "Binding Exchange Federation Permission Policy Queue SchemaReplication Shovel TopicPermission Vhost",
  "sloth.slok.dev": "*",
  "snapshot.storage.k8s.io": "*",
  "split.smi-spec.io": "*",
  "specs.smi-spec.io": "*",
  "access.smi-spec.io": "*",
  // https://tekton.dev/docs/pipelines/: definitions; a run is in runners.ts
  "tekton.dev": "ClusterTask Pipeline StepAction Task",
  "triggers.tekton.dev":
    "ClusterInterceptor ClusterTriggerBinding Interceptor Trigger TriggerBinding TriggerTemplate",
  "templates.gatekeeper.sh": "*",
  "constraints.gatekeeper.sh": "*",
  "config.gatekeeper.sh": "*",
  // AssignMetadata gives labels to pods.
  "mutations.gatekeeper.sh": "Assign AssignImage ModifySet",
  "traefik.io": "*",
  "traefik.containo.us": "*",
  // A Restore creates whatever was saved.
  "velero.io":
    "Backup BackupStorageLocation DeleteBackupRequest DownloadRequest Schedule ServerStatusRequest VolumeSnapshotLocation",
  "wgpolicyk8s.io": "*",
};

/**
 * Kinds that deploy whatever they are given, and so may create anything; where, by path. Known, so that a message can
 * name them; nothing is judged where they deploy.
 */
export const OPEN: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:argoproj.io:Application": ["spec", "destination", "namespace"],
  "kubernetes:argoproj.io:ApplicationSet": ["spec", "template", "spec", "destination", "namespace"],
  "kubernetes:helm.toolkit.fluxcd.io:HelmRelease": ["spec", "targetNamespace"],
  "kubernetes:kustomize.toolkit.fluxcd.io:Kustomization": ["spec", "targetNamespace"],
  "kubernetes:helm.cattle.io:HelmChart": ["spec", "targetNamespace"],
};

/** Those of `OPEN` whose manifests say the namespaces, where they themselves say none; the others use their own. */
export const SPREAD: ReadonlySet<string> = new Set([
  "kubernetes:argoproj.io:Application",
  "kubernetes:argoproj.io:ApplicationSet",
  "kubernetes:kustomize.toolkit.fluxcd.io:Kustomization",
]);

/** Components of the SDK, whose objects are in the stack too. */
const COMPONENTS: ReadonlySet<string> = new Set(["yaml", "kustomize"]);

const KINDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(IDLE).map(([group, kinds]) => [group, new Set(kinds.split(" "))]),
);

/** Whether objects of a kind create nothing that others name. */
export function isIdle(group: string, kind: string): boolean {
  const kinds = KINDS.get(group);
  // Objects of built-in groups create only pods.
  const isOwn = isBuiltIn(group) || COMPONENTS.has(group);
  return isOwn || kinds?.has("*") === true || kinds?.has(kind) === true;
}
