/** An exporter that runs beside what it measures: one Deployment, scraped through its Service. */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../kit/child-factory";
import { customResource } from "../kit/custom-resource";
import { toReach, type Reach } from "../kit/egress";
import { commonLabels } from "../kit/labels";
import { fromPeers, inNamespace, toDns } from "../kit/network-rules";
import { revisionOf } from "../kit/revision";
import { restrictedContainer, restrictedPod } from "../kit/security";
import { spreadPods } from "../kit/spread";

type Container = k8s.types.input.core.v1.Container;

/** What every exporter of an environment has in common. */
export interface ExporterPlace {
  readonly system: string;
  /** The application's: the metrics carry the namespace of what they are about. */
  readonly namespace: string;
  readonly monitoringNamespace: string;
  /** Two replicas, so that alerts and autoscaling survive the loss of a node. */
  readonly production: boolean;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /** The chart that installs the Prometheus operator's CRDs. */
  readonly metricsReady: readonly pulumi.Resource[];
}

export interface ExporterArguments extends ExporterPlace {
  /** Of the Deployment, the Service and the account. */
  readonly name: string;
  readonly port: number;
  readonly image: string;
  readonly args: NonNullable<Container["args"]>;
  /** Variables of the container, by the keys of `credentials`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Secret: in the Secret `<name>-credentials`. A key `ca.crt` is mounted: see `authorityOf`. */
  readonly credentials: Readonly<Record<string, pulumi.Output<string>>>;
  /** Of the pod's startup, readiness and liveness. */
  readonly healthPath: string;
  readonly reach: readonly Reach[];
  /** Of the ScrapeConfig; `metricsPath` and targets. @default its Service, at `/metrics` */
  readonly scrape?: Readonly<Record<string, unknown>>;
  /** What must exist before it can connect. */
  readonly before: readonly pulumi.Resource[];
}

/** Where `ca.crt` is mounted. */
const certificates = (name: string): string => `/etc/${name}`;

export const authorityOf = (name: string): string => `${certificates(name)}/ca.crt`;

const credentialsOf = (name: string): string => `${name}-credentials`;

/** The address of its Service. */
export const addressOf = ({
  name,
  namespace,
  port,
}: Pick<ExporterArguments, "name" | "namespace" | "port">): string =>
  `${name}.${namespace}.svc:${String(port)}`;

export const matchLabels = (name: string) => ({ "app.kubernetes.io/name": name });

/** What must exist before an alert says that its metrics are missing. */
export function createExporter(part: Part, args: ExporterArguments): pulumi.Resource[] {
  const metadata = metadataOf(args);
  const before = [
    new k8s.core.v1.Secret(
      part.child(`${args.name}-credentials`),
      {
        metadata: { ...metadata, name: credentialsOf(args.name) },
        stringData: { ...args.credentials },
      },
      part.options(),
    ),
    new k8s.core.v1.ServiceAccount(
      part.child(`${args.name}-account`),
      { metadata, automountServiceAccountToken: false },
      part.options(),
    ),
    createNetworkPolicy(part, args),
    ...args.before,
  ];
  const deployment = createDeployment(part, args, before);
  if (args.production) createBudget(part, args);
  return [deployment, ...createScrape(part, args)];
}

const metadataOf = ({ name, namespace, system }: ExporterArguments) => ({
  name,
  namespace,
  labels: { ...commonLabels(system, name), ...matchLabels(name) },
});

function createDeployment(
  part: Part,
  args: ExporterArguments,
  dependsOn: pulumi.Resource[],
): k8s.apps.v1.Deployment {
  const metadata = metadataOf(args);
  return new k8s.apps.v1.Deployment(
    part.child(args.name),
    {
      metadata,
      spec: {
        replicas: args.production ? 2 : 1,
        revisionHistoryLimit: 3,
        selector: { matchLabels: matchLabels(args.name) },
        template: {
          metadata: {
            labels: metadata.labels,
            // A change of the credentials restarts the pod.
            annotations: { "checksum/credentials": revisionOf(Object.values(args.credentials)) },
          },
          spec: podOf(args),
        },
      },
    },
    part.options({ dependsOn }),
  );
}

const hasAuthority = ({ credentials }: ExporterArguments): boolean =>
  credentials["ca.crt"] !== undefined;

function podOf(args: ExporterArguments): k8s.types.input.core.v1.PodSpec {
  const authority: k8s.types.input.core.v1.Volume = {
    name: "certificates",
    secret: {
      secretName: credentialsOf(args.name),
      items: [{ key: "ca.crt", path: "ca.crt" }],
      defaultMode: 0o440,
    },
  };
  return {
    serviceAccountName: args.name,
    automountServiceAccountToken: false,
    securityContext: restrictedPod(),
    topologySpreadConstraints: spreadPods(matchLabels(args.name), args.zones),
    containers: [containerOf(args)],
    ...(hasAuthority(args) ? { volumes: [authority] } : {}),
  };
}

function containerOf(args: ExporterArguments): Container {
  const probe = { httpGet: { path: args.healthPath, port: "metrics" }, periodSeconds: 10 };
  return {
    name: args.name,
    image: args.image,
    args: args.args,
    env: Object.entries(args.variables).map(([name, key]) => ({
      name,
      valueFrom: { secretKeyRef: { name: credentialsOf(args.name), key } },
    })),
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    ports: [{ name: "metrics", containerPort: args.port, protocol: "TCP" }],
    // Some end while nothing answers them, so a slow start must not count as a failure.
    startupProbe: { ...probe, failureThreshold: 30 },
    readinessProbe: probe,
    livenessProbe: { ...probe, failureThreshold: 6 },
    // Prometheus still scrapes it for some seconds after SIGTERM.
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    securityContext: restrictedContainer(),
    ...(hasAuthority(args)
      ? {
          volumeMounts: [
            { name: "certificates", mountPath: certificates(args.name), readOnly: true },
          ],
        }
      : {}),
  };
}

function createBudget(part: Part, args: ExporterArguments): void {
  new k8s.policy.v1.PodDisruptionBudget(
    part.child(`${args.name}-budget`),
    {
      metadata: metadataOf(args),
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: matchLabels(args.name) },
      },
    },
    part.options(),
  );
}

/**
 * One scrape through the Service instead of one for each pod: all pods report the same, so a sum over their
 * series, as dashboards and runbooks have it, would be doubled.
 */
function createScrape(part: Part, args: ExporterArguments): pulumi.Resource[] {
  const metadata = metadataOf(args);
  const service = new k8s.core.v1.Service(
    part.child(`${args.name}-service`),
    {
      metadata,
      spec: {
        type: "ClusterIP",
        selector: matchLabels(args.name),
        ports: [{ name: "metrics", port: args.port, targetPort: "metrics", protocol: "TCP" }],
      },
    },
    part.options(),
  );
  const scrape = customResource(
    part.child(`${args.name}-scrape`),
    {
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "ScrapeConfig",
      metadata,
      spec: {
        jobName: args.name,
        metricsPath: "/metrics",
        staticConfigs: [{ targets: [addressOf(args)], labels: { namespace: args.namespace } }],
        ...args.scrape,
      },
    },
    part.options({ dependsOn: [...args.metricsReady] }),
  );
  return [service, scrape];
}

function createNetworkPolicy(part: Part, args: ExporterArguments): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(
    part.child(`${args.name}-network`),
    {
      metadata: metadataOf(args),
      spec: {
        podSelector: { matchLabels: matchLabels(args.name) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [fromPeers([inNamespace(args.monitoringNamespace)], args.port)],
        egress: [toDns(), ...args.reach.map(toReach)],
      },
    },
    part.options(),
  );
}
