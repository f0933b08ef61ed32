import * as managedkafka from "@pulumi/gcp/managedkafka";
import * as pulumi from "@pulumi/pulumi";
import type { Topic } from "../../../../systems/model";
import { gib } from "../../../../systems/units";
import type { GooglePlacement } from "../../../cluster/contract";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Reach } from "../../../kit/egress";
import { topicSettings, type BusArguments } from "../../../kafka/access";
import type { Kafka, KafkaUser, KafkaUserName } from "../../../kafka/contract";
import { googleAccess } from "./access";
import { checkGoogle } from "./check";
import { accountId, createGoogleUser, type GoogleUser } from "./users";

export interface GoogleKafkaArguments extends BusArguments {
  /** Changing it replaces the cluster and its events. */
  readonly clusterName: string;
  /**
   * vCPUs of the whole cluster, over its three zones, with 4 GiB each; at least 3. It can be
   * decreased, but the number of brokers stays.
   */
  readonly processors: number;
  /** Changing the project or region replaces the cluster and its events. */
  readonly placement: Pick<GooglePlacement, "project" | "region" | "subnetworkId" | "peering">;
  /** CIDR of the subnetwork, which contains the brokers' addresses. */
  readonly cidr: string;
  /** @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Changing this text creates new keys and deletes the old ones. @default "1" */
  readonly rotation?: string;
  readonly protect: boolean;
}

const PORT = 9092;

/** GiB for each vCPU; Google allows 1 to 8. */
const MEMORY_GIB = 4;

/**
 * Google's managed Kafka: TLS, service accounts as users, with their keys as passwords. Its API
 * must be enabled first; Google chooses Kafka's version and keeps it up to date.
 */
export class GoogleKafka extends Component implements Kafka {
  readonly brokers: pulumi.Output<string>;
  readonly tls = true;
  /** Google's own CA, which operating systems trust. */
  readonly certificateAuthority = undefined;
  readonly authentication = "plain";
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  readonly reach: readonly Reach[];
  readonly ready: readonly pulumi.Resource[];

  readonly #args: GoogleKafkaArguments;

  constructor(name: string, args: GoogleKafkaArguments, options: ComponentOptions) {
    const { clusterName, processors, placement } = args;
    super(
      "kafka:GoogleKafka",
      name,
      { clusterName, processors, region: placement.region },
      // APIs are off in a new project; the service accounts and the peering need them.
      pulumi.mergeOptions(options, { dependsOn: [placement.peering] }),
    );
    this.#args = args;
    checkGoogle(name, args);

    const cluster = this.createCluster();
    const topics = args.topics.map((topic) => this.createTopic(topic, cluster));
    const application = this.createUser("application", "app");
    const monitor = this.createUser("monitor", "mon");
    const lists = this.createAccess(cluster, topics, { application, monitor });

    // No output has the address: it is derived from names, and must wait for the cluster.
    this.brokers = cluster.clusterId.apply((id) => bootstrap(id, placement));
    this.users = { application: application.credentials, monitor: monitor.credentials };
    this.reach = [{ kind: "network", cidr: args.cidr, firstPort: PORT, lastPort: PORT }];
    this.ready = [cluster, ...topics, ...lists, application.role, monitor.role];
    this.publish();
  }

  /** The provider's protection, read from the state: turn it off in an earlier update. */
  private get deletionPolicy(): string {
    return this.#args.protect ? "PREVENT" : "DELETE";
  }

  private get place() {
    const { project, region } = this.#args.placement;
    return { project, location: region };
  }

  private createCluster(): managedkafka.Cluster {
    const args = this.#args;
    return new managedkafka.Cluster(
      this.child("cluster"),
      {
        ...this.place,
        clusterId: args.clusterName,
        capacityConfig: {
          vcpuCount: String(args.processors),
          memoryBytes: String(gib(MEMORY_GIB * args.processors).bytes),
        },
        gcpConfig: {
          accessConfig: { networkConfigs: [{ subnet: args.placement.subnetworkId }] },
        },
        rebalanceConfig: { mode: "AUTO_REBALANCE_ON_SCALE_UP" },
        labels: { ...(args.labels ?? {}) },
        deletionPolicy: this.deletionPolicy,
      },
      this.options({
        protect: args.protect,
        customTimeouts: { create: "90m", update: "90m", delete: "60m" },
      }),
    );
  }

  private createTopic(topic: Topic, cluster: managedkafka.Cluster): managedkafka.Topic {
    return new managedkafka.Topic(
      this.child(`topic-${topic.name}`),
      {
        ...this.place,
        cluster: cluster.clusterId,
        topicId: topic.name,
        partitionCount: topic.partitions,
        replicationFactor: topic.replication,
        configs: { ...topicSettings(topic) },
        deletionPolicy: this.deletionPolicy,
      },
      this.options({ protect: this.#args.protect }),
    );
  }

  private createUser(user: KafkaUserName, suffix: string): GoogleUser {
    const { clusterName, placement, rotation } = this.#args;
    return createGoogleUser(
      this.child(`user-${user}`),
      {
        accountId: accountId(clusterName, suffix),
        project: placement.project,
        displayName: `${user} of Kafka ${clusterName}`,
        rotation: rotation ?? "1",
      },
      this.options(),
    );
  }

  private createAccess(
    cluster: managedkafka.Cluster,
    topics: readonly managedkafka.Topic[],
    users: Readonly<Record<KafkaUserName, GoogleUser>>,
  ): managedkafka.Acl[] {
    return googleAccess(this.#args).map(
      ({ aclId, entries }) =>
        new managedkafka.Acl(
          this.child(`access-${aclId.replaceAll("/", "-")}`),
          {
            ...this.place,
            cluster: cluster.clusterId,
            aclId,
            aclEntries: entries.map(({ user, operation }) => ({
              principal: pulumi.interpolate`User:${users[user].account.email}`,
              permissionType: "ALLOW",
              operation,
              host: "*",
            })),
          },
          this.options({ dependsOn: [...topics] }),
        ),
    );
  }
}

/** The format of `gcloud managed-kafka clusters describe`. Pure. */
export const bootstrap = (
  clusterId: string,
  { region, project }: Pick<GooglePlacement, "region" | "project">,
): string => `bootstrap.${clusterId}.${region}.managedkafka.${project}.cloud.goog:${String(PORT)}`;
