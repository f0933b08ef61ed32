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
  /**
   * A version that MSK supports, such as `3.9`; upgraded in place, a downgrade replaces everything.
   */
  readonly version: string;
  /** A multiple of the number of zones; it can grow. */
  readonly brokers: number;
  /** Such as `kafka.m7g.large`; changed in place, one broker after the other. */
  readonly instanceType: string;
  /** Initial size for each broker; it grows to four times that; later changes have no effect. */
  readonly storage: Size;
  /** Changing the network or the subnets replaces the cluster and its events. */
  readonly placement: Pick<
    AwsPlacement,
    "vpcId" | "privateSubnetIds" | "securityGroupId" | "encryptionKeyArn"
  >;
  /** CIDR of the VPC, from which brokers get their addresses. */
  readonly cidr: string;
  readonly system: string;
  /** The namespace of the Job that writes the ACLs. */
  readonly namespace: string;
  /** What must exist before that Job; the brokers do not wait for it. */
  readonly namespaceReady: readonly pulumi.Resource[];
  readonly tags: Readonly<Record<string, string>>;
  /** Changing this text generates new passwords. @default "1" */
  readonly rotation?: string;
  readonly protect: boolean;
}

/** Amazon's managed Kafka: KRaft, TLS, SCRAM-SHA-512, topics by Amazon's API, ACLs by a Job. */
export class MskKafka extends Component implements Kafka {
  readonly brokers: pulumi.Output<string>;
  readonly tls = true;
  /** Amazon's own CA, which operating systems trust. */
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
