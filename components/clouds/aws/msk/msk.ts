import * as msk from "@pulumi/aws/msk";
import type * as pulumi from "@pulumi/pulumi";
import type { Topic } from "../../../../systems/model";
import type { Size } from "../../../../systems/units";
import type { AwsPlacement } from "../../../cluster/contract";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Reach } from "../../../kit/egress";
import { topicSettings, type BusArguments } from "../../../kafka/access";
import { createAccessJob } from "../../../kafka/access-job";
import type { Kafka, KafkaUser, KafkaUserName } from "../../../kafka/contract";
import { checkMsk } from "./check";
import { createMskCluster, SCRAM_PORT } from "./cluster";
import { createMskUsers } from "./users";

export interface MskKafkaArguments extends BusArguments {
  /** Changing it replaces the cluster and its events. */
  readonly clusterName: string;
  /** As `3.9`, of those that MSK supports; raised in place, lowered only by replacing everything. */
  readonly version: string;
  /** A multiple of the zones; it can grow. */
  readonly brokers: number;
  /** As `kafka.m7g.large`; changed in place, one broker after the other. */
  readonly instanceType: string;
  /** Of each broker at the beginning; it grows by itself to four times that, and later values have no effect. */
  readonly storage: Size;
  /** Another network, or other subnets, replace the cluster and its events. */
  readonly placement: Pick<
    AwsPlacement,
    "vpcId" | "privateSubnetIds" | "securityGroupId" | "encryptionKeyArn"
  >;
  /** Of the VPC, in which the brokers have their addresses. */
  readonly cidr: string;
  readonly system: string;
  /** Where the Job runs that writes the access lists. */
  readonly namespace: string;
  /** What must stand before that Job: brokers need none of it, and are begun without. */
  readonly namespaceReady: readonly pulumi.Resource[];
  readonly tags: Readonly<Record<string, string>>;
  /** Another text makes new passwords. @default "1" */
  readonly rotation?: string;
  readonly protect: boolean;
}

/** Amazon's managed Kafka: KRaft, TLS, SCRAM-SHA-512, topics by Amazon's API, access lists by a Job. */
export class MskKafka extends Component implements Kafka {
  readonly brokers: pulumi.Output<string>;
  readonly tls = true;
  /** Amazon's own authority is one that operating systems know. */
  readonly certificateAuthority = undefined;
  readonly authentication = "scram-sha-512";
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  readonly reach: readonly Reach[];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: MskKafkaArguments, options: ComponentOptions) {
    const { clusterName, version, brokers, instanceType } = args;
    super("kafka:MskKafka", name, { clusterName, version, brokers, instanceType }, options);
    checkMsk(name, args);

    const child = (suffix: string): string => this.child(suffix);
    const cluster = createMskCluster(child, args, this.options());
    const topics = args.topics.map((topic) => this.createTopic(topic, cluster, args.protect));
    const { users, association } = createMskUsers(
      child,
      {
        ...args,
        clusterArn: cluster.arn,
        encryptionKeyArn: args.placement.encryptionKeyArn,
      },
      this.options(),
    );
    this.brokers = cluster.bootstrapBrokersSaslScram;
    this.users = { application: users.application, monitor: users.monitor };
    this.reach = [
      { kind: "network", cidr: args.cidr, firstPort: SCRAM_PORT, lastPort: SCRAM_PORT },
    ];
    const access = createAccessJob(
      child,
      { ...args, brokers: this.brokers, reach: this.reach, password: users.admin.password },
      this.options({ dependsOn: [association, ...topics, ...args.namespaceReady] }),
    );
    this.ready = [...topics, association, access];
    this.publish();
  }

  private createTopic(topic: Topic, cluster: msk.Cluster, protect: boolean): msk.Topic {
    return new msk.Topic(
      this.child(`topic-${topic.name}`),
      {
        clusterArn: cluster.arn,
        name: topic.name,
        partitionCount: topic.partitions,
        replicationFactor: topic.replication,
        configs: JSON.stringify(topicSettings(topic)),
      },
      this.options({ protect }),
    );
  }
}
