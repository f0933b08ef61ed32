import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import type { Topic } from "../../systems/model";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import type { Reach } from "../kit/egress";
import type { Kafka, KafkaUser, KafkaUserName } from "./contract";
import { checkStrimzi } from "./strimzi-check";
import { METRICS_KEY, METRICS_RULES } from "./strimzi-metrics";
import { createNetworkPolicies, type StrimziNetworkArguments } from "./strimzi-network";
import {
  API_VERSION,
  brokerLabels,
  kafkaSpec,
  objectName,
  pools,
  PORTS,
  poolSpec,
  topicSpec,
  userSpec,
  type Pool,
  type StrimziCluster,
} from "./strimzi-objects";

export interface StrimziKafkaArguments extends StrimziCluster, StrimziNetworkArguments {
  /** Pods are `<clusterName>-kafka-0` and so on. Changing it creates another, empty Kafka. */
  readonly clusterName: string;
  /**
   * One of the versions that the operator supports. Upgrade step by step; a downgrade is possible
   * only while the metadata version allows it.
   */
  readonly version: string;
  /** Three or more; the first three are also controllers. */
  readonly brokers: number;
  /** Of each broker. It can grow if the class allows it, but not shrink. */
  readonly storage: StrimziCluster["storage"];
  /** Changing it has no effect on existing volumes: Strimzi rejects it. */
  readonly storageClass: string;
  /** The zones that brokers spread over; empty if nodes have no zone label. */
  readonly zones: readonly string[];
  /** Labels of the nodes that brokers run on; empty for any. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Whether two brokers on one node are forbidden rather than avoided. */
  readonly production: boolean;
  /**
   * Another name in the namespace by which clients find the brokers; their certificates include it.
   * @default none
   */
  readonly alias?: string;
  /** When certificates may be renewed. @default at any time */
  readonly maintenance?: StrimziCluster["maintenance"] & object;
  /** Changing this text generates new passwords. @default "1" */
  readonly rotation?: string;
  readonly protect: boolean;
}

/**
 * Kafka's pods become ready only after their volumes are attached and the quorum is established.
 */
const PATIENCE = { create: "30m", update: "60m", delete: "30m" };

/** An object is done when Strimzi reports it as ready, not when the API server has accepted it. */
const UNTIL_READY = { "pulumi.com/waitFor": "condition=Ready" };

/**
 * Kafka in the cluster, managed by Strimzi: KRaft, TLS, SCRAM-SHA-512, topics and users as objects.
 */
export class StrimziKafka extends Component implements Kafka {
  readonly brokers: pulumi.Output<string>;
  readonly tls = true;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly authentication = "scram-sha-512";
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  readonly reach: readonly Reach[];
  readonly metrics: NonNullable<Kafka["metrics"]>;
  readonly ready: readonly pulumi.Resource[];

  readonly #args: StrimziKafkaArguments;

  constructor(name: string, args: StrimziKafkaArguments, options: ComponentOptions) {
    const { clusterName, namespace, version, brokers } = args;
    super("kafka:StrimziKafka", name, { clusterName, namespace, version, brokers }, options);
    this.#args = args;
    checkStrimzi(name, args);

    const before = [
      ...createNetworkPolicies((suffix) => this.child(suffix), args, this.options()),
      this.createMetricsRules(),
      ...pools(brokers).map((pool) => this.createPool(pool)),
    ];
    const cluster = this.createCluster(before);
    const topics = args.topics.map((topic) => this.createTopic(topic, cluster));
    const passwords = {
      application: this.password("application"),
      monitor: this.password("monitor"),
    };
    const secret = this.createPasswords(passwords);
    const users = (["application", "monitor"] as const).map((user) =>
      this.createUser(user, passwords[user], [cluster, secret]),
    );

    this.brokers = pulumi.output(`${this.bootstrap()}:${String(PORTS.clients)}`);
    this.certificateAuthority = this.readAuthority(cluster);
    this.users = {
      application: this.credentials("application", passwords.application),
      monitor: this.credentials("monitor", passwords.monitor),
    };
    this.reach = [
      { kind: "pods", namespace, labels: brokerLabels(clusterName), ports: [PORTS.clients] },
    ];
    this.metrics = { namespace, labels: brokerLabels(clusterName), port: "tcp-prometheus" };
    this.ready = [cluster, ...topics, ...users];
    this.publish();
  }

  /**
   * Included in the brokers' certificates: clients may connect to it, and are redirected to each
   * broker by its own name.
   */
  private bootstrap(): string {
    return `${this.#args.clusterName}-kafka-bootstrap.${this.#args.namespace}.svc`;
  }

  private metadata(name: string) {
    const { system, namespace, clusterName } = this.#args;
    const labels = { ...commonLabels(system, "kafka"), "strimzi.io/cluster": clusterName };
    return { name, namespace, labels };
  }

  private createMetricsRules(): k8s.core.v1.ConfigMap {
    return new k8s.core.v1.ConfigMap(
      this.child("metrics"),
      {
        metadata: this.metadata(this.metricsRules()),
        data: { [METRICS_KEY]: METRICS_RULES },
      },
      this.options(),
    );
  }

  private metricsRules(): string {
    return `${this.#args.clusterName}-metrics`;
  }

  /** Created before the cluster, which needs its pools to become ready; pools have no readiness. */
  private createPool(pool: Pool): pulumi.Resource {
    return customResource(
      this.child(`pool-${pool.name}`),
      {
        apiVersion: API_VERSION,
        kind: "KafkaNodePool",
        metadata: {
          ...this.metadata(pool.name),
          annotations: { "strimzi.io/next-node-ids": pool.ids },
        },
        spec: poolSpec(this.#args, pool),
      },
      this.options({ protect: this.#args.protect, customTimeouts: PATIENCE }),
    );
  }

  private createCluster(dependsOn: pulumi.Resource[]): k8s.apiextensions.CustomResource {
    return customResource(
      this.child("cluster"),
      {
        apiVersion: API_VERSION,
        kind: "Kafka",
        metadata: { ...this.metadata(this.#args.clusterName), annotations: UNTIL_READY },
        spec: kafkaSpec(this.#args, this.metricsRules()),
      },
      this.options({ dependsOn, protect: this.#args.protect, customTimeouts: PATIENCE }),
    );
  }

  /** Protected: if the object is deleted, the operator deletes the topic and its events. */
  private createTopic(topic: Topic, cluster: pulumi.Resource): pulumi.Resource {
    return customResource(
      this.child(`topic-${topic.name}`),
      {
        apiVersion: API_VERSION,
        kind: "KafkaTopic",
        metadata: { ...this.metadata(objectName(topic.name)), annotations: UNTIL_READY },
        spec: topicSpec(topic),
      },
      this.options({ dependsOn: [cluster], protect: this.#args.protect }),
    );
  }

  private password(user: KafkaUserName): pulumi.Output<string> {
    return new RandomPassword(
      this.child(`password-${user}`),
      // Some clients write it to a properties file, where special characters would need an escape.
      { length: 32, special: false, keepers: { rotation: this.#args.rotation ?? "1" } },
      this.options(),
    ).result;
  }

  private createPasswords(
    passwords: Readonly<Record<KafkaUserName, pulumi.Output<string>>>,
  ): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      this.child("passwords"),
      { metadata: this.metadata(this.passwords()), type: "Opaque", stringData: passwords },
      this.options(),
    );
  }

  private passwords(): string {
    return `${this.#args.clusterName}-passwords`;
  }

  private userName(user: KafkaUserName): string {
    return `${this.#args.clusterName}-${user}`;
  }

  private createUser(
    user: KafkaUserName,
    password: pulumi.Output<string>,
    dependsOn: pulumi.Resource[],
  ): pulumi.Resource {
    return new k8s.apiextensions.CustomResource(
      this.child(`user-${user}`),
      {
        apiVersion: API_VERSION,
        kind: "KafkaUser",
        metadata: {
          ...this.metadata(this.userName(user)),
          annotations: {
            ...UNTIL_READY,
            // So that the operator sees a new password immediately, not at its next reconciliation.
            "checksum/credentials": revision(password),
          },
        },
        spec: userSpec(user, this.#args, { name: this.passwords(), key: user }),
      },
      this.options({ dependsOn }),
    );
  }

  private credentials(user: KafkaUserName, password: pulumi.Output<string>): KafkaUser {
    return { name: pulumi.output(this.userName(user)), password };
  }

  /**
   * Strimzi creates the CA and stores its certificate in a Secret, which is read once the cluster
   * is ready. The Secret's id depends on the cluster's, which is unknown in a first preview:
   * nothing is read then.
   */
  private readAuthority(cluster: k8s.apiextensions.CustomResource): pulumi.Output<string> {
    const { namespace, clusterName } = this.#args;
    const secret = k8s.core.v1.Secret.get(
      this.child("authority"),
      cluster.id.apply(() => `${namespace}/${clusterName}-cluster-ca-cert`),
      this.options({ dependsOn: [cluster] }),
    );
    return secret.data.apply((data) => Buffer.from(data["ca.crt"] ?? "", "base64").toString());
  }
}

/** Changes with the password; reveals nothing about it. */
const revision = (password: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.unsecret(
    password.apply((value) => createHash("sha256").update(value).digest("hex").slice(0, 16)),
  );
