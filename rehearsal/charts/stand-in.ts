/**
 * Charts that stand in for the real ones: the custom resource definitions that the stack uses of them, and one Deployment
 * with the release's name. What the real chart's programs do is played by the control plane's stages.
 */
import { CHARTS } from "../../versions";
import { definitions, type CustomKind } from "./definitions";

/** The API groups that a chart brings, by its name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  [CHARTS.awsLoadBalancerController.chart]: ["elbv2.k8s.aws", "gateway.k8s.aws"],
  [CHARTS.barmanCloud.chart]: ["barmancloud.cnpg.io"],
  [CHARTS.certManager.chart]: ["cert-manager.io", "acme.cert-manager.io"],
  [CHARTS.cloudNativePg.chart]: ["postgresql.cnpg.io"],
  [CHARTS.dapr.chart]: ["dapr.io"],
  [CHARTS.envoyGateway.chart]: ["gateway.envoyproxy.io", "gateway.networking.k8s.io"],
  [CHARTS.externalSecrets.chart]: ["external-secrets.io", "generators.external-secrets.io"],
  [CHARTS.keda.chart]: ["keda.sh"],
  [CHARTS.kubePrometheusStack.chart]: ["monitoring.coreos.com"],
  [CHARTS.strimzi.chart]: ["kafka.strimzi.io"],
};

/** A chart and its version, as a release asks for it. */
export interface ChartName {
  readonly chart: string;
  readonly version: string;
}

/** The chart's files, by path. */
export function standIn(
  { chart, version }: ChartName,
  kinds: readonly CustomKind[],
): ReadonlyMap<string, string> {
  const own = kinds.filter(({ group }) => GROUPS[chart]?.includes(group) === true);
  const files = new Map([
    [
      "Chart.yaml",
      json({
        apiVersion: "v2",
        name: chart,
        version,
        description: `Stands in for ${chart} in a rehearsal.`,
      }),
    ],
    ["templates/deployment.yaml", json(DEPLOYMENT)],
  ]);
  const crds = definitions(own);
  if (crds.length > 0) files.set("crds/all.yaml", crds.map(json).join("---\n"));
  return files;
}

/** The kinds that no chart of the stack brings: the cloud's, or one that `GROUPS` does not know. */
export const withoutChart = (
  kinds: readonly CustomKind[],
  charts: readonly ChartName[],
): readonly CustomKind[] =>
  kinds.filter(({ group }) => !charts.some(({ chart }) => GROUPS[chart]?.includes(group) === true));

/** JSON is YAML. */
const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const NAME = "{{ .Release.Name }}";
const LABELS = {
  "app.kubernetes.io/name": "{{ .Chart.Name }}",
  "app.kubernetes.io/instance": NAME,
};
/** Accepted under the strictest Pod Security level and under a quota. */
const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: NAME, namespace: "{{ .Release.Namespace }}", labels: LABELS },
  spec: {
    replicas: 1,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "stand-in",
            image: "registry.example.com/stand-in:{{ .Chart.Version }}",
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            resources: {
              requests: { cpu: "10m", memory: "16Mi", "ephemeral-storage": "16Mi" },
              limits: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" },
            },
          },
        ],
      },
    },
  },
};
