import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cache, EventBus, System } from "../../systems/model";
import { KAFKA_PROTOCOL } from "../../versions";
import { Component, ComponentError, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import type { Kafka } from "../kafka/contract";
import { commonLabels } from "../kit/labels";
import type { Redis } from "../redis/contract";
import { daprConnection } from "./dapr-redis";
import {
  busScopes,
  configurationName,
  daprBuses,
  daprServices,
  namedGroup,
  stateStores,
  storeScopes,
  type DaprService,
} from "../kit/dapr";
import {
  configuration,
  resiliency,
  subscriptions,
  topicScopes,
  type ComponentMetadata,
} from "./dapr-objects";

export interface DaprApplicationArguments {
  readonly system: System;
  readonly namespace: string;
  readonly production: boolean;
  /** `host:port` of the OTLP receiver for traces, over gRPC. */
  readonly otlpEndpoint: string;
  /** By the names of the event bus and the cache in the system. */
  readonly kafka: Readonly<Record<string, Kafka>>;
  readonly redis: Readonly<Record<string, Redis>>;
}

const API = { current: "dapr.io/v1alpha1", subscription: "dapr.io/v2alpha1" };

/** The names of SASL mechanisms in Dapr's Kafka component. */
const MECHANISM = {
  "scram-sha-256": "SHA-256",
  "scram-sha-512": "SHA-512",
  plain: "PLAINTEXT",
} as const;

/** Dapr's objects for one system: stores, pub/sub, subscriptions, resiliency, access control. */
export class DaprApplication extends Component {
  /** The components and their resiliency, which every sidecar reads only at startup. */
  readonly shared: readonly pulumi.Resource[];
  /** By app id: what only its own sidecar reads. Separate, so that no pod waits for all others. */
  readonly own: Readonly<Record<string, readonly pulumi.Resource[]>>;
  /**
   * Secret: a digest of the credentials of each component, by name. A sidecar reads them only at
   * startup: as an annotation of the pod, it makes a new password restart exactly the pods that use
   * it.
   */
  readonly digests: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: DaprApplicationArguments, options: ComponentOptions) {
    super("platform:DaprApplication", name, { namespace: args.namespace }, options);
    const { system } = args;
    this.shared = [
      ...daprBuses(system).flatMap((bus) => this.createPubSub(args, bus)),
      ...stateStores(system).flatMap((cache) => this.createStore(args, cache)),
      this.createResiliency(args),
    ];
    this.own = Object.fromEntries(
      daprServices(system).map((service) => [
        service.dapr.appId,
        [this.createConfiguration(args, service), ...this.createSubscriptions(args, service)],
      ]),
    );
    this.digests = credentialDigests(args);
    this.publish();
  }

  private createConfiguration(
    args: DaprApplicationArguments,
    service: DaprService,
  ): pulumi.Resource {
    return this.object(`configuration-${service.name}`, args, {
      apiVersion: API.current,
      kind: "Configuration",
      name: configurationName(service),
      rest: { spec: configuration(args.system, service, args) },
    });
  }

  private createPubSub(args: DaprApplicationArguments, bus: EventBus): pulumi.Resource[] {
    const kafka = connected(args.kafka, bus.name, this.name, "kafka");
    const secretName = `dapr-${bus.name}`;
    const { certificateAuthority: ca } = kafka;
    const group = namedGroup(args.system, bus);
    const secret = this.createSecret(args, bus.name, secretName, {
      password: kafka.users.application.password,
      ...(ca === undefined ? {} : { ca }),
    });
    const from = (name: string, key: string) => ({ name, secretKeyRef: { name: secretName, key } });
    const metadata: ComponentMetadata = [
      { name: "brokers", value: kafka.brokers },
      // Lag, permissions and the runbook's commands go by the topics' group.
      ...(group === undefined ? [] : [{ name: "consumerGroup", value: group }]),
      { name: "authType", value: "password" },
      { name: "saslMechanism", value: MECHANISM[kafka.authentication] },
      { name: "saslUsername", value: kafka.users.application.name },
      from("saslPassword", "password"),
      // Without it Dapr uses the operating system's trust store.
      ...(ca === undefined ? [] : [from("caCert", "ca")]),
      { name: "disableTls", value: "false" },
      { name: "version", value: KAFKA_PROTOCOL },
      // A new group starts with the oldest event, so that none is missed.
      { name: "initialOffset", value: "oldest" },
      ...topicScopes(args.system, bus),
    ];
    const component = this.component(
      args,
      bus.name,
      "pubsub.kafka",
      metadata,
      busScopes(args.system, bus),
      [secret, ...kafka.ready],
    );
    return [secret, component];
  }

  private createStore(args: DaprApplicationArguments, cache: Cache): pulumi.Resource[] {
    const redis = connected(args.redis, cache.name, this.name, "redis");
    const secretName = `dapr-${cache.name}`;
    const secret = this.createSecret(args, cache.name, secretName, { password: redis.password });
    const component = this.component(
      args,
      cache.name,
      "state.redis",
      [
        ...daprConnection(redis),
        { name: "redisPassword", secretKeyRef: { name: secretName, key: "password" } },
        // Keys include the app id, so that one service cannot read another's state.
        { name: "keyPrefix", value: "appid" },
        { name: "redisMaxRetries", value: "3" },
      ],
      storeScopes(args.system, cache),
      [secret, ...redis.ready],
    );
    return [secret, component];
  }

  private createSubscriptions(
    args: DaprApplicationArguments,
    service: DaprService,
  ): pulumi.Resource[] {
    return daprBuses(args.system).flatMap((bus) =>
      subscriptions(args.system, bus)
        .filter(({ scope }) => scope === service.dapr.appId)
        .map(({ name, scope, spec }) =>
          this.object(`subscription-${name}`, args, {
            apiVersion: API.subscription,
            kind: "Subscription",
            name,
            rest: { spec, scopes: [scope] },
          }),
        ),
    );
  }

  private createResiliency(args: DaprApplicationArguments): pulumi.Resource {
    return this.object("resiliency", args, {
      apiVersion: API.current,
      kind: "Resiliency",
      name: args.system.id,
      rest: {
        spec: resiliency(args.system),
        scopes: daprServices(args.system).map(({ dapr }) => dapr.appId),
      },
    });
  }

  private component(
    args: DaprApplicationArguments,
    name: string,
    type: string,
    metadata: ComponentMetadata,
    scopes: readonly string[],
    dependsOn: pulumi.Resource[],
  ): pulumi.Resource {
    return this.object(
      `component-${name}`,
      args,
      {
        apiVersion: API.current,
        kind: "Component",
        name,
        rest: {
          spec: { type, version: "v1", initTimeout: "60s", metadata: [...metadata] },
          auth: { secretStore: "kubernetes" },
          scopes: [...scopes],
        },
      },
      dependsOn,
    );
  }

  private object(
    suffix: string,
    { namespace, system }: DaprApplicationArguments,
    object: {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly rest: Readonly<Record<string, unknown>>;
    },
    dependsOn: pulumi.Resource[] = [],
  ): k8s.apiextensions.CustomResource {
    return customResource(
      this.child(suffix),
      {
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata: { name: object.name, namespace, labels: commonLabels(system.id, "dapr") },
        ...object.rest,
      },
      this.options({ dependsOn }),
    );
  }

  private createSecret(
    { namespace, system }: DaprApplicationArguments,
    suffix: string,
    name: string,
    data: Readonly<Record<string, pulumi.Output<string>>>,
  ): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      this.child(`secret-${suffix}`),
      {
        metadata: { name, namespace, labels: commonLabels(system.id, "dapr") },
        type: "Opaque",
        stringData: Object.fromEntries(
          Object.entries(data).map(([key, value]) => [key, pulumi.secret(value)]),
        ),
      },
      this.options(),
    );
  }
}

/** With a missing data service, the component would only fail when its sidecars start. */
function connected<T>(
  services: Readonly<Record<string, T>>,
  name: string,
  component: string,
  kind: "kafka" | "redis",
): T {
  const service = services[name];
  if (service !== undefined) return service;
  throw new ComponentError(
    `DaprApplication ${component}`,
    `${kind}.${name}`,
    "missing",
    "a data service",
    "Create it first, under its name in the system.",
  );
}

function credentialDigests({
  system,
  kafka,
  redis,
}: DaprApplicationArguments): Record<string, pulumi.Output<string>> {
  const passwords = [
    ...daprBuses(system).map(
      ({ name }) => [name, kafka[name]?.users.application.password] as const,
    ),
    ...stateStores(system).map(({ name }) => [name, redis[name]?.password] as const),
  ];
  return Object.fromEntries(
    passwords.flatMap(([name, password]) =>
      password === undefined ? [] : [[name, pulumi.secret(password.apply(digest))]],
    ),
  );
}

const digest = (value: string): string => createHash("sha256").update(value).digest("hex");
