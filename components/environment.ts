import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { Application } from "./application";
import type { Cluster } from "./cluster/contract";
import { clusterRequirements } from "./cluster/requirements";
import { CLOUDS } from "./clouds";
import type { Cloud } from "./clouds/contract";
import { Component, type ComponentOptions } from "./kit/component";
import { connections, DataServices } from "./data/services";
import type { ObjectStore } from "./object-store/contract";
import { Observability } from "./observability/observability";
import { Platform } from "./platform/platform";
import { Backups } from "./recovery/backups";
import { databaseAccess } from "./recovery/access";
import { archiveStore, primaryStore } from "./recovery/stores";
import { restoring } from "./restoring";
import type { SecretStore } from "./secret-store/contract";
import { SystemBuckets } from "./system-buckets";
import { SystemSecrets } from "./system-secrets";
import { unread } from "./unread";

export interface EnvironmentArguments {
  readonly settings: Settings;
  /** Secret values from the configuration, by key. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
}

type Options = pulumi.ComponentResourceOptions;

/** One system in one environment: everything its runbook asks for, in order of creation. */
export class Environment extends Component {
  readonly url: string;
  readonly clusterName: pulumi.Output<string>;
  readonly namespace: string;
  /** Secret; the user is `administrator`. */
  readonly grafanaPassword: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentArguments, options?: ComponentOptions) {
    const { settings, given } = args;
    const { system, environment, cloud, region } = settings;
    super(
      "environment:Environment",
      name,
      { system: system.id, environment, cloud, region },
      options,
    );

    const tags = ["runstack", `system:${system.id}`, `environment:${environment}`];
    const here = CLOUDS[cloud];
    const providers = here.providers((suffix) => this.child(suffix), settings, this.options());
    const cluster = here.cluster(
      this.child("cluster"),
      { settings, tags, kubeconfig: given["KUBECONFIG"] },
      { parent: this, providers },
    );
    // Managed services wait only for the network; services in the cluster wait for the cluster.
    const anywhere = { parent: this, providers: { ...providers, kubernetes: cluster.kubernetes } };
    const everywhere = { ...anywhere, dependsOn: [...cluster.ready] };
    const platform = new Platform(
      this.child("platform"),
      { settings, cloud: here, cluster, dnsToken: given["DNS_TOKEN"] },
      everywhere,
    );
    const observability = this.createObservability(args, cluster, platform, everywhere);
    const store = archiveStore(this.child("archive"), { ...args, cloud: here }, cluster, anywhere);
    const data = new DataServices(
      this.child("data"),
      {
        settings,
        cloud: here,
        cluster,
        platform,
        metricsReady: observability.metricsReady,
        tags,
        given,
        store,
        primary: primaryStore(this.child("primary"), { settings, cloud: here }, anywhere),
      },
      anywhere,
    );
    for (const kafka of Object.values(data.kafka).slice(0, 1)) observability.exportLag(kafka);
    observability.exportData(data);
    const secretStore = this.createSecretStore(settings, here, cluster, platform, everywhere);
    const secrets = this.createSecrets(args, platform, data, secretStore, everywhere);
    const parts = { cloud: here, cluster, platform, data, observability, secrets, store };
    const application = this.createApplication(args, parts, everywhere);
    const backups = this.createBackups(args, parts, everywhere);
    observability.watch([...application.ready, ...(backups?.ready ?? [])]);

    this.url = `https://${settings.domain}`;
    this.clusterName = cluster.clusterName;
    this.namespace = platform.application.namespace;
    this.grafanaPassword = observability.grafanaPassword;
    this.publish();
    for (const sentence of [...unread(system, settings), ...restoring(settings)]) {
      void pulumi.log.warn(sentence, this);
    }
  }

  private createObservability(
    args: EnvironmentArguments,
    cluster: Cluster,
    platform: Platform,
    options: Options,
  ): Observability {
    const { settings } = args;
    return new Observability(
      this.child("observability"),
      {
        system: settings.system,
        environment: settings.environment,
        applicationNamespace: platform.application.namespace,
        monitoringNamespace: platform.monitoring.namespace,
        storageClass: cluster.storageClass,
        zones: cluster.zones,
        production: settings.production,
        chartMirror: settings.chartMirror,
        runbookUrl: `${settings.runbookUrl}/${settings.system.id}`,
        channels: channelsOf(args),
        maintenance: settings.maintenance,
        muted: settings.mutedTimes,
        paging: settings.paging,
        identity: identityOf(settings),
        follows: settings.replicaOf !== undefined,
        externalSecrets: settings.secretStore !== "none",
        externalDns: platform.recordWriters.length > 0,
      },
      {
        ...options,
        dependsOn: [
          ...cluster.ready,
          ...platform.application.ready,
          ...platform.monitoring.ready,
          ...platform.nodes.ready,
          ...platform.definitionsReady,
        ],
      },
    );
  }

  private createSecretStore(
    settings: Settings,
    cloud: Cloud,
    { placement }: Cluster,
    platform: Platform,
    options: Options,
  ): SecretStore | undefined {
    if (settings.secretStore === "none") return undefined;
    return cloud.secretStore(
      this.child("secret-store"),
      {
        settings,
        placement,
        applicationNamespace: platform.application.namespace,
        monitoringNamespace: platform.monitoring.namespace,
      },
      pulumi.mergeOptions(options, { dependsOn: [...platform.application.ready] }),
    );
  }

  private createSecrets(
    { settings, given }: EnvironmentArguments,
    platform: Platform,
    data: DataServices,
    store: SecretStore | undefined,
    options: Options,
  ): SystemSecrets {
    return new SystemSecrets(
      this.child("secrets"),
      {
        system: settings.system,
        namespace: platform.application.namespace,
        given,
        derived: connections(settings.system, data),
        store,
        adopt: settings.secretStore === "adopt",
        rotations: settings.rotations,
        ...(given["REGISTRY_CREDENTIALS"] === undefined
          ? {}
          : { registryCredentials: given["REGISTRY_CREDENTIALS"] }),
      },
      {
        ...options,
        dependsOn: [...platform.application.ready, ...(store?.ready ?? [])],
      },
    );
  }

  private createApplication(
    { settings }: EnvironmentArguments,
    parts: {
      readonly cloud: Cloud;
      readonly cluster: Cluster;
      readonly platform: Platform;
      readonly data: DataServices;
      readonly observability: Observability;
      readonly secrets: SystemSecrets;
    },
    options: Options,
  ): Application {
    const { cloud, cluster, platform, secrets } = parts;
    const buckets = new SystemBuckets(
      this.child("buckets"),
      { settings, cloud, cluster, namespace: platform.application.namespace },
      {
        parent: this,
        ...(options.providers === undefined ? {} : { providers: options.providers }),
      },
    );
    return new Application(
      this.child("application"),
      {
        ...parts,
        settings,
        grants: buckets.grants,
        bucketReach: buckets.reach,
        imagePullSecrets: [secrets.pullSecrets, settings.imagePullSecret ?? []].flat(),
      },
      options,
    );
  }

  private createBackups(
    { settings }: EnvironmentArguments,
    parts: {
      readonly cluster: Cluster;
      readonly platform: Platform;
      readonly data: DataServices;
      readonly secrets: SystemSecrets;
      readonly store: ObjectStore | undefined;
    },
    options: Options,
  ): Backups | undefined {
    const { cluster, platform, data, secrets, store } = parts;
    if (store === undefined) return undefined;
    const { namespace, ready } = platform.application;
    const dependsOn = [...ready, ...Object.values(secrets.secrets).map(({ object }) => object)];
    return new Backups(
      this.child("backups"),
      {
        system: settings.system,
        environment: settings.environment,
        namespace,
        store,
        databases: databaseAccess(
          this.child("backups"),
          { system: settings.system, namespace, postgres: data.postgres },
          { parent: this, provider: cluster.kubernetes, dependsOn },
        ),
      },
      { ...options, dependsOn },
    );
  }
}

const identityOf = (settings: Settings) => ({
  system: settings.system.id,
  environment: settings.environment,
  cluster: clusterRequirements(settings).clusterName,
  region: settings.region,
});

/** The alert channels that have a credential. */
function channelsOf({ settings, given }: EnvironmentArguments) {
  const routingKey = given["PAGERDUTY_ROUTING_KEY"];
  const webhookUrl = given["SLACK_WEBHOOK_URL"];
  const password = given["SMTP_PASSWORD"];
  const to = settings.system.incidents.channels.find(({ kind }) => kind === "email")?.to;
  return {
    ...(routingKey === undefined ? {} : { pagerDutyRoutingKey: routingKey }),
    ...(webhookUrl === undefined ? {} : { slack: { webhookUrl, channel: settings.slackChannel } }),
    ...(settings.mail === undefined || password === undefined || to === undefined
      ? {}
      : { email: { ...settings.mail, to, password } }),
  };
}
