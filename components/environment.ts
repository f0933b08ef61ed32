import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { Application } from "./application";
import type { Cluster } from "./cluster/contract";
import { createCluster } from "./cluster/create";
import { Component } from "./component";
import { createDataServices, type DataServices } from "./data";
import { Observability } from "./observability/observability";
import { Platform } from "./platform/platform";
import { digitaloceanProvider } from "./providers";
import { Backups } from "./recovery/backups";
import { SystemSecrets } from "./system-secrets";

export interface EnvironmentArguments {
  readonly settings: Settings;
  /** Secret values that an operator gave, by key. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
}

/** One system in one environment: everything its runbook asks for, in the order it comes to life. */
export class Environment extends Component {
  readonly url: string;
  readonly clusterName: pulumi.Output<string>;
  readonly namespace: string;
  /** Secret; the user is `administrator`. */
  readonly grafanaPassword: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentArguments, options?: pulumi.ComponentResourceOptions) {
    const { settings, given } = args;
    const { system, environment, cloud, region } = settings;
    super(
      "environment:Environment",
      name,
      { system: system.id, environment, cloud, region },
      options,
    );

    const tags = ["runstack", `system:${system.id}`, `environment:${environment}`];
    const digitalocean = digitaloceanProvider(this.child("digitalocean"), this.options());
    const inCloud = { parent: this, providers: { digitalocean } };
    const cluster = createCluster(this.child("cluster"), settings, tags, inCloud);
    const data = createDataServices(this.name, { settings, cluster, tags }, given, inCloud);

    const everywhere = {
      parent: this,
      providers: { digitalocean, kubernetes: cluster.kubernetes },
    };
    const dnsToken = given["DNS_TOKEN"];
    const platform = new Platform(
      this.child("platform"),
      { settings, cluster, dnsToken },
      everywhere,
    );
    const observability = this.createObservability(
      { ...args, cluster, platform, data },
      everywhere,
    );
    const secrets = this.createSecrets(args, platform, everywhere);
    new Application(
      this.child("application"),
      {
        settings,
        cluster,
        platform,
        data,
        observability,
        secrets,
        imagePullSecrets: [secrets.pullSecrets, settings.imagePullSecret ?? []].flat(),
      },
      everywhere,
    );
    this.createBackups(settings, platform, secrets, everywhere);

    this.url = `https://${settings.domain}`;
    this.clusterName = cluster.clusterName;
    this.namespace = platform.application.namespace;
    this.grafanaPassword = observability.grafanaPassword;
    this.registerOutputs({
      url: this.url,
      clusterName: this.clusterName,
      namespace: this.namespace,
      grafanaPassword: this.grafanaPassword,
    });
  }

  private createObservability(
    args: EnvironmentArguments & {
      readonly cluster: Cluster;
      readonly platform: Platform;
      readonly data: DataServices;
    },
    options: pulumi.ComponentResourceOptions,
  ): Observability {
    const { settings, given, cluster, platform, data } = args;
    const routingKey = given["PAGERDUTY_ROUTING_KEY"];
    const webhookUrl = given["SLACK_WEBHOOK_URL"];
    return new Observability(
      this.child("observability"),
      {
        system: settings.system,
        environment: settings.environment,
        applicationNamespace: platform.application.namespace,
        monitoringNamespace: platform.monitoring.namespace,
        kafka: Object.values(data.kafka)[0],
        storageClass: cluster.storageClass,
        production: settings.production,
        chartMirror: settings.chartMirror,
        runbookUrl: `${settings.runbookUrl}/${settings.system.id}`,
        channels: {
          ...(routingKey === undefined ? {} : { pagerDutyRoutingKey: routingKey }),
          ...(webhookUrl === undefined
            ? {}
            : { slack: { webhookUrl, channel: settings.slackChannel } }),
        },
        maintenance: settings.maintenance,
      },
      {
        ...options,
        dependsOn: [
          ...platform.application.ready,
          ...platform.monitoring.ready,
          ...platform.nodes.ready,
        ],
      },
    );
  }

  private createSecrets(
    { settings, given }: EnvironmentArguments,
    platform: Platform,
    options: pulumi.ComponentResourceOptions,
  ): SystemSecrets {
    return new SystemSecrets(
      this.child("secrets"),
      {
        system: settings.system,
        namespace: platform.application.namespace,
        given,
        derived: {},
        rotations: settings.rotations,
        ...(given["REGISTRY_CREDENTIALS"] === undefined
          ? {}
          : { registryCredentials: given["REGISTRY_CREDENTIALS"] }),
      },
      { ...options, dependsOn: [...platform.application.ready] },
    );
  }

  private createBackups(
    settings: Settings,
    platform: Platform,
    secrets: SystemSecrets,
    options: pulumi.ComponentResourceOptions,
  ): void {
    const { system, environment } = settings;
    const database = system.databases[0];
    if (database === undefined) return;
    new Backups(
      this.child("backups"),
      {
        system,
        environment,
        namespace: platform.application.namespace,
        store: { region: settings.backupRegion, bucketName: settings.backupBucket },
        databaseSecret: { name: database.url.secret, key: database.url.key },
        production: settings.production,
      },
      {
        ...options,
        dependsOn: [
          ...platform.application.ready,
          ...Object.values(secrets.secrets).map(({ object }) => object),
        ],
      },
    );
  }
}
