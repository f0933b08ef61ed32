/** Examples on which the pack differs from another tool, and why: most by design, some because of a gap that it has. */
export interface Difference {
  readonly tool: string;
  /** Parts of the examples' titles. */
  readonly examples: readonly string[];
  readonly reason: string;
}

type Reasons = readonly (readonly [reason: string, ...examples: readonly string[]])[];

const of = (tool: string, reasons: Reasons): readonly Difference[] =>
  reasons.map(([reason, ...examples]) => ({ tool, reason, examples }));

export const DIFFERENCES: readonly Difference[] = [
  ...of("Polaris", [
    [
      "a wildcard in one of the three lists is reported too, by itself",
      "success.explicit_",
      "clusterrolebindingClusterAdmin/success",
      "rolebindingClusterAdmin",
      "rolebindingRolePodExecAttach/success",
      "rolebindingClusterRolePodExecAttach/success",
    ],
    [
      "the tool leaves out roles of a running cluster by their names; in a repository they are somebody's",
      "success.default",
      "success.gce_calico",
      "success.system_prefix",
    ],
    [
      "the object has an apiVersion that its kind does not have, which api-kind-known reports",
      "deploymentMissingReplicas/failure",
      "pdbDisruptionsIsZero/failure",
      "runAsRootAllowed/failure",
    ],
    [
      "without minReplicas the API server sets one, which is no more than a written one",
      "hpaMinAvailability/success.minReplicaAbsent",
    ],
    ["the Pod Security Standards accept only ALL, in capitals", "insecureCapabilities/success"],
    [
      "any one of four protections is enough for the tool; the pack asks for each",
      "linuxHardening/success",
    ],
    [
      "a direction without rules denies everything, which is the narrowest policy",
      "missingNetworkPolicy/failure.netpol_missing",
    ],
    [
      "with one replica a budget keeps nothing or blocks every eviction",
      "missingPodDisruptionBudget/failure",
    ],
    [
      "a Pod without a controller; the tool judges containers there, not the object",
      "nakedPod/success",
    ],
    [
      "a budget that allows no eviction is a fault without an autoscaler as well",
      "pdbMinAvailableGreaterThanHPAMinReplicas/success",
    ],
    [
      "without a tag the API server sets Always itself; image-pinned reports the missing tag",
      "pullPolicyNotAlways/failure",
    ],
    [
      "a container without ports gets no traffic that a readiness probe could stop",
      "readinessProbeMissing/failure",
    ],
    [
      "no ClusterRole is in the example, so others may be elsewhere as well",
      "failure.binding_points_to_missing_ref",
    ],
    [
      "the values are placeholders or no key: three hyphens begin none",
      "sensitiveConfigmapContent/failure.key_",
      "sensitiveContainerEnvVar/failure.value_private_key",
    ],
    ["one replica cannot be spread", "topologySpreadConstraint/failure"],
  ]),
  ...of("Kubescape", [
    [
      "reading every Secret is reported, though it is not administration",
      "pass-wl-limited-permissions",
    ],
    [
      "the tool knows the versions of a controller that had a fault; the pack reports the annotations and the setting",
      "CVE-2021-25742/",
    ],
    [
      "the Pod Security Standards refuse every hostPath",
      "alert-mount-potential-credentials-paths/",
    ],
    [
      "the default account's token is for whatever pod sets no account",
      "automount-service-account/sa-mount",
    ],
    ["cluster-admin in one namespace is too much there as well", "cluster-admin-role/"],
    [
      "/var/run/docker is not the socket; pod-security-baseline-host-path-volumes reports it",
      "containers-mounting-docker-socket/",
    ],
    [
      "nothing but the policy is in the example, so its pods may be anywhere",
      "dangling-networkpolicy/",
    ],
    [
      "policies of Cilium may select more than is visible, so nothing is claimed",
      "failed_pod_cilium",
      "cnp-",
      "ccnp-",
    ],
    [
      "the pack asks for both directions",
      "ensure_network_policy_configured_in_labels/success",
      "ingress-and-egress-blocked/only-egress",
    ],
    ["RBAC has no wildcard such as pods/*: the rule allows nothing", "exec-into-container-v1/"],
    [
      "a digest of an algorithm that no registry has, or a registry that the tool exempts by default",
      "image-not-pinned-to-digest/",
    ],
    [
      "an option of the tool, with its own list or threshold",
      "pod-configured-floating-tag",
      "workload-exceeded",
      "workload-mixed-unit",
    ],
    [
      "NetworkPolicies do not apply to pods in the node's network, which is reported instead",
      "ingress-and-egress-blocked/cronjob",
    ],
    ["a namespace without pods has nothing to protect", "internal-networking/namespace-failed"],
    ["any one protection is enough for the tool; the pack asks for each", "linux-hardening/"],
    [
      "a selector in a Job template is refused by the API server, not by its labels",
      "mismatching-selector/batch",
    ],
    ["Recreate is how to run one replica at most", "no-rolling-update-strategy/"],
    ["the pack asks for allowPrivilegeEscalation as well", "non-root-containers/"],
    ["only the label enforce refuses pods", "pod-security-admission-applied-2/"],
    ["a limit is the default of its request", "pod-only-requests"],
    [
      "a Secret in envFrom is how to pass it; or neither name nor value is a secret's",
      "rule-credentials-in-env-var/",
    ],
    [
      "the tool looks for a role of the account, the pack for a decision: an explicit true is one",
      "serviceaccount-token-mount/",
    ],
    ["system:authenticated is everyone who has any account", "system-authenticated-allowed"],
  ]),
  ...of("kube-score", [
    ["replicas are one by default, which cannot be spread", "undefined-replicas"],
    ["Recreate is how to run one replica at most", "not-rolling"],
    [
      "an option of the tool, or a pod of an autoscaler",
      "replica-1.yaml",
      "hpa-min-replicas-nok",
      "no-cpu-limit",
      "pod-test-resources-no-limits.yaml (Container Resources)",
    ],
    [
      "the version is no longer served, which api-version-served reports instead",
      "ingress-targets-service-no-match",
      "ingress-networkingv1beta1-targets-service-no-match",
      "(Stable version)",
    ],
    [
      "the field is required, so the API server refuses the example",
      "ingress-networkingv1-targets-service.yaml",
    ],
    ["with one replica a budget keeps nothing or blocks every eviction", "PodDisruptionBudget)"],
    [
      "a limit is the default of its request",
      "resources-only-limits",
      "deployment-test-resources",
      "statefulset-test-resources",
    ],
    ["the annotation has no effect since Kubernetes 1.27", "pod-seccomp-annotated"],
  ]),
  ...of("kube-linter", [
    [
      "a DeploymentConfig differs as a Deployment does; its strategy, which is OpenShift's own, is not judged",
      "DeploymentConfig",
    ],
    [
      "nothing but the policy is in the example, so its pods may be anywhere",
      "dangling-networkpolicy",
    ],
    ["a monitor without endpoints scrapes nothing in any case", "dangling-servicemonitor"],
    ["the pack asks for drop: [ALL]", "drop-net-raw"],
    ["the value is words, and the name only begins with secret", "env-var-secret"],
    [
      "a container without ports gets no traffic that a readiness probe could stop",
      "no-readiness-probe",
    ],
    ["the pack asks for both directions", "non-isolated-pod"],
  ]),
  ...of("Datree", [
    [
      "the tool asks for one context, pod or container; the option of the pack for both",
      "100/pass",
    ],
    ["the pack asks for drop: [ALL]", "103/pass"],
    [
      "no effect in RBAC: nobody impersonates pods, and an empty verb is none",
      "105/fail",
      "48/fail",
    ],
    ["the policy is set, to a value that is written on purpose", "24/fail"],
    [
      "the field is where the API has none, which api-field-known reports",
      "26/fail",
      "28/fail",
      "30/fail",
    ],
    ["the tool judges the user or the group; the pack both", "29/pass", "51/pass"],
    ["a limit is the default of its request", "3/fail/3-"],
    ["the value is not true, so the controller allows no snippet", "31/fail"],
    ["the Pod Security Standards refuse it for another reason", "49/pass", "87/pass", "88/pass"],
    ["a ServiceAccount says nothing; its pods decide, and are judged", "53/fail"],
    [
      "a Kustomization is no object of a cluster, and kustomizations are not judged as such",
      "54/pass",
    ],
    ["a hook is needed where a Service sends traffic, and none is in the example", "60/fail"],
    [
      "the secret is the name of a container, which api-rules refuses; names are no place for one",
      ...Array.from({ length: 18 }, (_, index) => `${String(62 + index)}/fail/`),
    ],
    ["the opposite of what other tools ask: no limit for processors", "80/"],
    ["the constraint is by zone alone; the pack asks for nodes as well", "84/pass"],
    ["the annotation has no effect since Kubernetes 1.27", "99/pass"],
  ]),
  ...of("Checkov", [
    [
      "the apiVersion is that of no DeploymentConfig, which api-kind-known reports",
      "oc-deploymentConfig-FAILED",
    ],
    [
      "the example has no container, or none that can be read",
      "pod-FAILED2",
      "FAILED-malformed-spec",
      "no-image-FAILED",
    ],
    ["the pack asks for drop: [ALL], in capitals", "example_DropCapabilities"],
    [
      "a digest that is too short is none",
      "example_ImageDigest",
      "imageWithDigest",
      "imageWithTagAndDigest",
    ],
    ["the image is not the Dashboard's; the tool goes by a label", "nginx-deployment-FAILED"],
    ["a wildcard is reported too, by itself", "clusterrole-passed"],
    [
      "bind has an effect on roles, not on bindings: the API server allows nobody to give what they do not have",
      "clusterrole-failed-1",
    ],
    ["the rule's wildcard includes tokens of every ServiceAccount", "role-passed-2"],
    [
      "the standards refuse runAsNonRoot: false at the pod, whatever its containers set",
      "rootContainersPASSED",
    ],
    ["the tool judges the user; the pack the group as well", "HighUIDPASSED"],
    ["the annotation has no effect since Kubernetes 1.27", "example_Seccomp/"],
    ["Tiller is unmaintained wherever it listens", "tiller-deployment_PASSED"],
  ]),
  ...of("Kyverno", [
    ["one rule for each socket; the pack has one policy for all", "disallow-cri-sock-mount"],
    ["the pack asks for drop: [ALL]", "require-drop-cap-net-raw"],
    ["the controller's annotations end in snippets", "disallow-ingress-nginx-custom-snippets"],
    ["a budget without either field allows no eviction", "pdb-maxunavailable"],
    [
      "the resource has another API group, so the rule allows nothing; or nobody impersonates roles",
      "restrict-clusterrole-csr",
      "restrict-escalation-verbs-roles",
    ],
    ["privileged enforces nothing", "add-psa-namespace-reporting"],
  ]),
];
