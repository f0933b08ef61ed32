import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { Topic } from "../../../systems/model";
import { Component, type ComponentOptions } from "../../kit/component";
import { managedDatabase, type ManagedDatabaseArguments } from "./database";
import type { Reach } from "../../kit/egress";
import { enforce, quoted } from "../../kit/validation";
import { topicRules } from "../../kafka/check";
import type { Kafka, KafkaUser, KafkaUserName } from "../../kafka/contract";

export interface DigitalOceanKafkaArguments extends Omit<
  ManagedDatabaseArguments,
  "engine" | "evictionPolicy"
> {
  readonly topics: readonly Topic[];
  /** CIDR of the VPC, which contains the brokers' private addresses. */
  readonly cidr: string;
}

/** DigitalOcean assigns one of these ports to each engine, pool and sign-in method. */
const PORTS = { firstPort: 25060, lastPort: 25090 };

/** What each user may do with each topic, in DigitalOcean's terms. */
const PERMISSIONS: Readonly<Record<KafkaUserName, string>> = {
  application: "produceconsume",
  monitor: "consume",
};

/** DigitalOcean's managed Kafka: TLS, SCRAM-SHA-256, topics and users as resources. */
export class DigitalOceanKafka extends Component implements Kafka {
  readonly brokers: pulumi.Output<string>;
  readonly tls = true;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly authentication = "scram-sha-256";
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  readonly reach: readonly Reach[];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DigitalOceanKafkaArguments, options: ComponentOptions) {
    const { clusterName, version, size, nodes } = args;
    super("kafka:DigitalOceanKafka", name, { clusterName, version, size, nodes }, options);
    checkKafka(name, args);

    const { cluster, firewall, certificateAuthority } = managedDatabase(
      name,
      { ...args, engine: "kafka" },
      this.options(),
    );
    const topics = args.topics.map((topic) => this.createTopic(topic, cluster, args.protect));
    const application = this.createUser("application", args.topics, cluster);
    const monitor = this.createUser("monitor", args.topics, cluster);

    this.brokers = pulumi.unsecret(cluster.privateUri.apply(address));
    this.certificateAuthority = certificateAuthority;
    this.users = { application: credentials(application), monitor: credentials(monitor) };
    this.reach = [{ kind: "network", cidr: args.cidr, ...PORTS }];
    this.ready = [firewall, ...topics, application, monitor];
    this.publish();
  }

  private createTopic(
    topic: Topic,
    cluster: digitalocean.DatabaseCluster,
    protect: boolean,
  ): digitalocean.DatabaseKafkaTopic {
    return new digitalocean.DatabaseKafkaTopic(
      this.child(`topic-${topic.name}`),
      {
        clusterId: cluster.id,
        name: topic.name,
        partitionCount: topic.partitions,
        replicationFactor: topic.replication,
        configs: [
          {
            cleanupPolicy: "delete",
            retentionMs: String(topic.retention.seconds * 1000),
            minInsyncReplicas: topic.minInSync,
            // If any setting is given, the provider sends zero for those that are not.
            minCleanableDirtyRatio: 0.5,
            messageDownConversionEnable: true,
          },
        ],
      },
      this.options({ protect }),
    );
  }

  /** The provider does not read ACLs back: changes outside of Pulumi go unnoticed. */
  private createUser(
    user: KafkaUserName,
    topics: readonly Topic[],
    cluster: digitalocean.DatabaseCluster,
  ): digitalocean.DatabaseUser {
    return new digitalocean.DatabaseUser(
      this.child(`user-${user}`),
      {
        clusterId: cluster.id,
        name: user,
        settings: [
          { acls: topics.map((topic) => ({ topic: topic.name, permission: PERMISSIONS[user] })) },
        ],
      },
      this.options(),
    );
  }
}

/**
 * The private address, from the URI: the separate `port` output is the public one. For Kafka the
 * URI is just `host:port`; if it ever contains credentials, they are removed.
 */
export const address = (uri: string): string =>
  uri.replace(/^[a-z+]+:\/\//, "").replace(/^.*@/, "");

const credentials = (user: digitalocean.DatabaseUser): KafkaUser => ({
  name: user.name,
  password: user.password,
});

/** What DigitalOcean would reject after a quarter of an hour. Pure. */
export function checkKafka(
  name: string,
  args: Pick<DigitalOceanKafkaArguments, "nodes" | "topics" | "size">,
): void {
  const { nodes, size, topics } = args;
  enforce(`DigitalOceanKafka ${name}`, [
    {
      holds: [3, 6, 9, 15].includes(nodes),
      key: "nodes",
      value: String(nodes),
      allowed: "3, 6, 9 or 15",
      next: "Change the number of brokers of the event bus.",
    },
    {
      holds: nodes <= 3 || !size.startsWith("db-s-"),
      key: "size",
      value: quoted(size),
      allowed: "a gd- size for more than three brokers",
      next: "Set runstack:kafkaSize.",
    },
    ...topicRules(topics, { brokers: nodes, leastPartitions: 3, mostPartitions: 2048 }),
  ]);
}
