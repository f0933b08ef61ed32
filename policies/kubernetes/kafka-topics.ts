/** The topics that a stack creates, by the Kafka that they are in, and which of them a client can reach. */
import { list } from "../../lib/words";
import type { CheckContext, Stack, StackResource } from "../policy";
import { finding, nameOf, typeKey } from "../policy";
import type { Value } from "../values";
import { inCluster, namespaceOf } from "./objects";

const STRIMZI_TOPIC = "kubernetes:kafka.strimzi.io:KafkaTopic";
const SERVICE = "kubernetes:core:Service";
const CLUSTER = "strimzi.io/cluster";

/** Where a topic of a cloud has its name. */
const CLOUD_TOPICS: Readonly<Record<string, string>> = {
  "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic": "name",
  "aws:msk/topic:Topic": "name",
  "gcp:managedkafka/topic:Topic": "topicId",
};

interface Topic {
  readonly resource: StackResource;
  readonly name: Value;
}

/** What connects to a Kafka, and the addresses of its brokers. */
export interface Client {
  readonly resource: StackResource;
  /** No text where they are in a Secret, or nowhere in sight. */
  readonly servers: Value;
}

/** A text of a resource that is the name of a topic, or holds several. */
interface Named {
  readonly resource: StackResource;
  readonly value: Value;
  /** @default the text itself */
  readonly names?: readonly string[];
}

/**
 * Strimzi's Services: `orders-kafka-bootstrap`, `orders-kafka-brokers`, and `orders-kafka-LISTENER-bootstrap`.
 * https://strimzi.io/docs/operators/latest/configuring.html#ref-list-of-kafka-cluster-resources-str
 */
const isServiceOf = (cluster: string, host: string): boolean =>
  host.startsWith(`${cluster}-kafka-`) && /-(bootstrap|brokers)$/.test(host);

export class KafkaTopics {
  private readonly all: readonly Topic[];
  /** Services that stand for another host: by their name, that host. */
  private readonly aliases: ReadonlyMap<string, string>;

  constructor(stack: Stack) {
    const ofClouds = stack.of(...Object.keys(CLOUD_TOPICS)).map((resource): Topic => {
      const key = CLOUD_TOPICS[typeKey(resource.type)] ?? "name";
      return { resource, name: resource.props.get(key) };
    });
    const ofStrimzi = stack.of(STRIMZI_TOPIC).map((resource): Topic => {
      const name = resource.props.get("spec", "topicName");
      return { resource, name: name.isMissing ? resource.props.get("metadata", "name") : name };
    });
    this.all = [...ofClouds, ...ofStrimzi];
    this.aliases = new Map(
      stack.of(SERVICE).flatMap((service) => {
        const host = service.props.get("spec", "externalName").string;
        const name = service.props.get("metadata", "name").string ?? "";
        return host === undefined
          ? []
          : [[inCluster(service, namespaceOf(service) ?? "", name), host] as const];
      }),
    );
  }

  /** Reports a topic that is not among those of the client's Kafka. Without any there, something else creates them. */
  expect(client: Client, { resource, value, names }: Named, context: CheckContext): void {
    if (context.noteUnknown(value, resource.urn) || value.string === undefined) return;
    const topics = this.reachedBy(client, context);
    const known = topics.map(({ name }) => name.string);
    const missing = (names ?? [value.string]).filter((name) => !known.includes(name));
    if (missing.length === 0 || topics.length === 0) return;
    const open = topics.filter((topic) => context.noteUnknown(topic.name, topic.resource.urn));
    if (open.length > 0) return;
    const all = [...new Set(topics.map(({ name }) => name.show()))].join(", ");
    const without = names === undefined ? "" : ` without ${list(missing)}`;
    const what = `the stack's topics are ${all}${without}`;
    if (client.servers.isUnknown || client.servers.string !== undefined) {
      const expected = `${what}: use one of them, or create it`;
      context.report(finding(resource, value, expected), resource.urn);
    } else {
      const expected = `${what}; not judged, because it is not visible which Kafka ${nameOf(client.resource)} connects to`;
      context.leaveUndecided(finding(resource, value, expected), resource.urn);
    }
  }

  private reachedBy(client: Client, context: CheckContext): readonly Topic[] {
    const { servers } = client;
    if (servers.isUnknown) return this.withOriginOf(client, context);
    // Whatever the stack creates may be in it.
    if (servers.string === undefined) return this.all;
    const { host, namespace } = this.firstOf(client.resource, servers.string);
    return this.all.filter(({ resource }) => {
      const cluster = resource.props.get("metadata", "labels", CLUSTER).string;
      if (cluster === undefined || !isServiceOf(cluster, host)) return false;
      return (
        inCluster(resource, namespaceOf(resource) ?? "") === inCluster(client.resource, namespace)
      );
    });
  }

  /** In a preview brokers are unknown, but not the resource that they come from, and topics name it too. */
  private withOriginOf(
    { resource: from, servers }: Client,
    context: CheckContext,
  ): readonly Topic[] {
    const origins = new Set(from.propertyDependencies["spec"]);
    const ofOrigin = this.all.filter(({ resource: { propertyDependencies } }) =>
      Object.values(propertyDependencies).some((urns) => urns.some((urn) => origins.has(urn))),
    );
    if (ofOrigin.length === 0 && this.all.length > 0) context.noteUnknown(servers, from.urn);
    return ofOrigin;
  }

  /** The host of the first broker, where an alias leads to, and its namespace. */
  private firstOf(client: StackResource, servers: string): Record<"host" | "namespace", string> {
    const written = /^[^:,]+/.exec(servers.trim())?.[0] ?? "";
    const [name = "", own = namespaceOf(client) ?? ""] = written.split(".");
    const alias = this.aliases.get(inCluster(client, own, name));
    const [host = "", namespace = own] = alias?.split(".") ?? [name, own];
    return { host, namespace };
  }
}
