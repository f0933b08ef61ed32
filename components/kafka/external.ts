import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import type { Reach } from "../kit/egress";
import { enforce, quoted } from "../kit/validation";
import type { Kafka, KafkaUser, KafkaUserName } from "./contract";

export interface ExternalKafkaArguments {
  /** Bootstrap servers as `host:port`, not URLs. */
  readonly brokers: readonly string[];
  readonly authentication: Kafka["authentication"];
  readonly application: ExternalKafkaUser;
  /** Compares offsets: may only describe topics and groups. @default the application's */
  readonly monitor?: ExternalKafkaUser;
  /**
   * PEM of the CA of the brokers' certificates.
   * @default the operating system's trust store
   */
  readonly certificateAuthority?: pulumi.Output<string>;
}

export interface ExternalKafkaUser {
  readonly username: pulumi.Input<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/** An external Kafka, over TLS: its provider manages topics, users and ACLs; nothing is created. */
export class ExternalKafka extends Component implements Kafka {
  readonly brokers: pulumi.Output<string>;
  readonly tls = true;
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  readonly authentication: Kafka["authentication"];
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  readonly reach: readonly Reach[];
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExternalKafkaArguments, options: ComponentOptions) {
    const brokers = args.brokers.join(",");
    super("kafka:ExternalKafka", name, { brokers, authentication: args.authentication }, options);
    checkExternal(name, args);

    this.brokers = pulumi.output(brokers);
    this.certificateAuthority = args.certificateAuthority;
    this.authentication = args.authentication;
    this.users = {
      application: credentials(args.application),
      monitor: credentials(args.monitor ?? args.application),
    };
    this.reach = portsOf(args).map((port) => ({ kind: "internet", port }));
    this.publish();
  }
}

const credentials = ({ username, password }: ExternalKafkaUser): KafkaUser => ({
  name: pulumi.output(username),
  password: pulumi.secret(password),
});

const portOf = (broker: string): number => Number(broker.slice(broker.lastIndexOf(":") + 1));

/** Each one once, in ascending order. */
const portsOf = ({ brokers }: Pick<ExternalKafkaArguments, "brokers">) =>
  [...new Set(brokers.map(portOf))].sort((a, b) => a - b);

/** Private ranges, which a policy for internet access excludes. */
const PRIVATE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** What clients would fail on later. Pure. */
export function checkExternal(name: string, args: Pick<ExternalKafkaArguments, "brokers">): void {
  enforce(`ExternalKafka ${name}`, [
    {
      holds: args.brokers.length !== 0,
      key: "brokers",
      value: "empty",
      allowed: "one or more addresses like host:port",
      next: "With two or more, clients can connect while one is down.",
    },
    ...args.brokers.flatMap((broker) => [
      {
        holds: /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:\d{1,5}$/.test(broker),
        key: "brokers",
        value: quoted(broker),
        allowed: "like host:port",
        next: "Give only the host and the port.",
      },
      {
        holds: !PRIVATE.test(broker),
        key: "brokers",
        value: quoted(broker),
        allowed: "a public address",
        next: "Network policies allow clients to reach only public addresses.",
      },
    ]),
    ...portsOf(args).flatMap((port) => [
      {
        holds: Number.isInteger(port) && port >= 1 && port <= 65535,
        key: "brokers",
        value: String(port),
        allowed: "1 to 65535",
        next: "Check the brokers' addresses.",
      },
    ]),
  ]);
}
