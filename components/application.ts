import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../lib/namespaces";
import type { Settings } from "../settings";
import type { Service, System } from "../systems/model";
import type { Cloud } from "./clouds/contract";
import type { Cluster } from "./cluster/contract";
import { Component, type ComponentOptions } from "./kit/component";
import type { DataServices } from "./data/services";
import type { Grant } from "./identity/contract";
import type { Observability } from "./observability/observability";
import { Certificates } from "./platform/certificates";
import { DaprApplication } from "./platform/dapr-application";
import { busScopes, daprBuses, stateStores, storeScopes } from "./kit/dapr";
import { promotedHost, sharedHostAnnotations, sharedHosts } from "./platform/failover";
import { GATEWAY_NAMESPACE, SystemEdge } from "./platform/gateway";
import type { EdgeHost } from "./platform/gateway-routes";
import type { Platform } from "./platform/platform";
import type { Reach } from "./kit/egress";
import type { SystemSecrets } from "./system-secrets";
import { Validation } from "./workload/validation";
import { configMapsOf, createConfigMaps } from "./workload/configuration";
import type { WorkloadArguments, WorkloadNetwork } from "./workload/contract";
import { Workload } from "./workload/workload";

export interface ApplicationArguments {
  readonly settings: Settings;
  readonly cloud: Pick<Cloud, "instanceTypes">;
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly data: DataServices;
  readonly observability: Observability;
  readonly secrets: SystemSecrets;
  /** Cloud permissions of the services, by their names in the system. */
  readonly grants: Readonly<Record<string, readonly Grant[]>>;
  /** Network paths to the buckets that they have access to. */
  readonly bucketReach: readonly Reach[];
  /** Names of the image pull Secrets. */
  readonly imagePullSecrets: readonly string[];
}

/** What several services read. */
interface Shared {
  readonly dapr: DaprApplication | undefined;
  /** By name. */
  readonly configMaps: Readonly<Record<string, pulumi.Resource>>;
}

/** The system itself: its services, their Dapr objects, their validation, and the gateway. */
export class Application extends Component {
  readonly hosts: readonly string[];
  readonly workloads: readonly Workload[];
  /** Done when its services run, are scraped, validated and routed to, and its certificates are requested. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ApplicationArguments, options: ComponentOptions) {
    const { system } = args.settings;
    super("workload:Application", name, { system: system.id }, options);

    const shared = { dapr: this.createDapr(args), configMaps: this.createConfigMaps(args) };
    this.workloads = system.services.map((service) => this.createWorkload(service, args, shared));
    const validations = this.createValidations(args);
    const edge = this.createEdge(args, validations);
    const { certificates } = this.createCertificates(args, edge);

    this.hosts = edge.hosts;
    this.ready = [
      ...this.workloads.flatMap(({ ready }) => ready),
      ...validations.flatMap(({ ready }) => ready),
      ...edge.ready,
      ...certificates,
    ];
    this.publish();
  }

  private createDapr({
    settings,
    platform,
    data,
    observability,
  }: ApplicationArguments): DaprApplication | undefined {
    if (platform.dapr === undefined) return undefined;
    return new DaprApplication(
      this.child("dapr"),
      {
        system: settings.system,
        namespace: platform.application.namespace,
        production: settings.production,
        otlpEndpoint: observability.otlpEndpoint,
        kafka: data.kafka,
        redis: data.redis,
      },
      { parent: this, dependsOn: [platform.dapr.release, ...platform.application.ready] },
    );
  }

  private createConfigMaps({ settings, platform }: ApplicationArguments): Shared["configMaps"] {
    return createConfigMaps(
      (map) => this.child(map),
      { system: settings.system, namespace: platform.application.namespace },
      this.options({ dependsOn: [...platform.application.ready] }),
    );
  }

  private createWorkload(service: Service, args: ApplicationArguments, shared: Shared): Workload {
    const { settings, cluster, platform, data, observability, secrets } = args;
    const { dapr } = shared;
    const granted = args.grants[service.name] ?? [];
    return new Workload(
      this.child(service.name),
      {
        system: settings.system,
        service,
        namespace: platform.application.namespace,
        image: settings.images[service.name] ?? "",
        replicas: settings.scaling[service.name] ?? service.scaling.replicas,
        zones: cluster.zones,
        nodes: service.instanceTypes === undefined ? cluster.workloadNodes : {},
        instanceTypes: args.cloud.instanceTypes(service),
        accountAnnotations: Object.assign(
          {},
          ...granted.map(({ annotations }) => annotations),
        ) as Record<string, pulumi.Output<string>>,
        secrets: secrets.secrets,
        connections: data.connectionsOf(service, settings.system),
        network: network(service, args),
        imagePullSecrets: args.imagePullSecrets,
        sidecarDigests: dapr === undefined ? {} : sidecarDigests(service, settings.system, dapr),
        autoscaling: { prometheusUrl: observability.prometheusUrl, kafka: data.kafka },
      },
      {
        parent: this,
        dependsOn: [
          ...beforeServices(args),
          ...beforeService(service, shared),
          ...data.readyFor(service, settings.system),
          ...granted.flatMap(({ ready }) => ready),
        ],
      },
    );
  }

  private createValidations({ settings, platform }: ApplicationArguments): Validation[] {
    const { system, images } = settings;
    return system.validations.map(
      (validation) =>
        new Validation(
          this.child(validation.name),
          {
            system,
            validation,
            namespace: platform.application.namespace,
            // Sorted, because the engine passes a map in a different order from the file.
            revision: JSON.stringify(Object.entries(images).sort()),
          },
          { parent: this, dependsOn: this.workloads.map(({ deployment }) => deployment) },
        ),
    );
  }

  /**
   * Traffic comes last: an environment that fails its validation gets no routes. The load balancer
   * and the certificate are created in the meantime. In a running environment, readiness holds back
   * a rollout, and a failed validation fails the `up`.
   */
  private createEdge(
    { settings, platform }: ApplicationArguments,
    validations: readonly Validation[],
  ): SystemEdge {
    const { system, environment } = settings;
    const namespace = platform.application.namespace;
    return new SystemEdge(
      this.child("edge"),
      {
        system: system.id,
        environment,
        namespace,
        gateway: platform.gateway,
        edge: system.edge,
        hosts: this.edgeHosts(settings, platform),
        promoted: promotedHost(settings, platform.dns),
        recordWriters: platform.recordWriters,
        routedAfter: [
          ...this.workloads.map(({ deployment }) => deployment),
          ...validations.flatMap(({ ready }) => ready),
        ],
      },
      {
        parent: this,
        dependsOn: [...platform.gateway.ready, ...platform.application.ready],
      },
    );
  }

  private createCertificates(
    { settings, platform }: ApplicationArguments,
    edge: SystemEdge,
  ): Certificates {
    const { system, email } = settings;
    return new Certificates(
      this.child("certificates"),
      {
        system: system.id,
        namespace: platform.application.namespace,
        edge: system.edge,
        hosts: edge.hosts,
        email,
        gatewayName: edge.gatewayName,
        challenge: platform.challenge,
      },
      {
        parent: this,
        dependsOn: [
          platform.operators.certManager,
          edge.gatewayObject,
          ...platform.application.ready,
        ],
      },
    );
  }

  /** A host that production and the recovery environment share is published by one of them, or by health. */
  private edgeHosts(settings: Settings, { dns }: Platform): EdgeHost[] {
    const { domain, system, environment } = settings;
    const hosts = edgeHosts(settings, domain);
    const shared = sharedHosts(system).map((host) => host.replaceAll("{domain}", domain));
    if (environment === "staging" || !hosts.some(({ host }) => shared.includes(host))) return hosts;
    const name = this.child("failover");
    const annotations = sharedHostAnnotations(name, settings, dns, this.options());
    return hosts.map((one) => (shared.includes(one.host) ? { ...one, annotations } : one));
  }
}

/** The hosts of this environment, with the Kubernetes Service for each path. Pure. */
export function edgeHosts(
  { system, environment }: Pick<Settings, "system" | "environment">,
  domain: string,
): EdgeHost[] {
  return (
    system.edge.hosts
      .filter((host) => host.environment === undefined || host.environment === environment)
      // The standby version has no workload yet.
      .filter(({ preview }) => preview !== true)
      .map((host) => ({
        host: host.host.replaceAll("{domain}", domain),
        routes: host.routes.flatMap((route) => {
          const service = system.services.find(({ name }) => name === route.service);
          return service?.port === undefined
            ? []
            : [{ ...route, backend: { name: service.workload, port: service.port } }];
        }),
      }))
  );
}

function network(
  service: Service,
  { settings, platform, data, bucketReach }: ApplicationArguments,
): WorkloadNetwork {
  const { system } = settings;
  const exposed = system.edge.hosts.some((host) =>
    host.routes.some((route) => route.service === service.name),
  );
  return {
    monitoringNamespace: platform.monitoring.namespace,
    daprNamespace: NAMESPACES.dapr,
    edgeNamespace: exposed ? GATEWAY_NAMESPACE : undefined,
    data: [...data.reachOf(service, system), ...bucketReach],
  };
}

/** Credential digests of the Dapr components that the service's sidecar can load. */
function sidecarDigests(
  service: Service,
  system: System,
  { digests }: DaprApplication,
): NonNullable<WorkloadArguments["sidecarDigests"]> {
  const appId = service.dapr?.appId ?? "";
  const loaded = [
    ...daprBuses(system).filter((bus) => busScopes(system, bus).includes(appId)),
    ...stateStores(system).filter((cache) => storeScopes(system, cache).includes(appId)),
  ];
  return Object.fromEntries(
    loaded.flatMap(({ name }) => (digests[name] === undefined ? [] : [[name, digests[name]]])),
  );
}

/** What must exist before a service starts, of what several services read. */
const beforeService = (service: Service, { dapr, configMaps }: Shared): pulumi.Resource[] => [
  ...(dapr?.shared ?? []),
  ...(dapr?.own[service.dapr?.appId ?? ""] ?? []),
  ...Object.keys(configMapsOf([service])).flatMap((map) => configMaps[map] ?? []),
];

/** What must exist before any service starts. */
function beforeServices({ platform, observability }: ApplicationArguments) {
  const { metrics, keda } = platform.operators;
  return [
    ...platform.application.ready,
    keda,
    ...(metrics === undefined ? [] : [metrics]),
    // A destroy deletes routes, then services, whose pods take their time to stop, and only then what still has to
    // remove the routes' records.
    ...platform.recordWriters,
    ...observability.metricsReady,
    ...observability.tracesReady,
  ];
}
