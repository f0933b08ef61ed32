import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cache, EventBus, System } from "../../systems/model";
import { Component } from "../component";
import { customResource } from "../custom-resource";
import type { Kafka } from "../kafka/contract";
import { commonLabels } from "../labels";
import type { Redis } from "../redis/contract";
import {
  busScopes,
  configuration,
  configurationName,
  daprServices,
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
  /** By the name of the event bus, and of the cache, in the system. */
  readonly kafka: Readonly<Record<string, Kafka>>;
  readonly redis: Readonly<Record<string, Redis>>;
}

const API = { current: "dapr.io/v1alpha1", subscription: "dapr.io/v2alpha1" };

/** Kafka's protocol level that clients speak: brokers of version 4 refuse Dapr's old default. */
const KAFKA_PROTOCOL = "3.0.0";

const MECHANISM = { "scram-sha-256": "SHA-256", "scram-sha-512": "SHA-512" } as const;

/** What Dapr needs to serve one system: stores, pub/sub, subscriptions, resiliency, access. */
export class DaprApplication extends Component {
  /** Pods must not start before these: a sidecar reads its components once, when it starts. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: DaprApplicationArguments,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("platform:DaprApplication", name, { namespace: args.namespace }, options);
    const { system } = args;
    this.ready = [
      ...system.eventBuses.flatMap((bus) => this.createPubSub(args, bus)),
      ...system.caches.flatMap((cache) => this.createStore(args, cache)),
      ...system.eventBuses.flatMap((bus) => this.createSubscriptions(args, bus)),
      this.createResiliency(args),
      ...daprServices(system).map((service) =>
        this.object(`configuration-${service.name}`, args, {
          apiVersion: API.current,
          kind: "Configuration",
          name: configurationName(service),
          rest: { spec: configuration(system, service, args) },
        }),
      ),
    ];
    this.registerOutputs({ components: this.ready.length });
  }

  private createPubSub(args: DaprApplicationArguments, bus: EventBus): pulumi.Resource[] {
    const kafka = args.kafka[bus.name];
    if (kafka === undefined) return [];
    const secretName = `${bus.name}-credentials`;
    const secret = this.createSecret(args, bus.name, secretName, {
      password: kafka.users.dapr.password,
      ca: kafka.certificateAuthority,
    });
    const from = (name: string, key: string) => ({ name, secretKeyRef: { name: secretName, key } });
    const metadata: ComponentMetadata = [
      { name: "brokers", value: kafka.brokers },
      // No consumerGroup: Dapr then uses each app's id, and the runbook's group is such an id.
      { name: "authType", value: "password" },
      { name: "saslMechanism", value: MECHANISM[kafka.authentication] },
      { name: "saslUsername", value: kafka.users.dapr.name },
      from("saslPassword", "password"),
      from("caCert", "ca"),
      { name: "disableTls", value: "false" },
      { name: "version", value: KAFKA_PROTOCOL },
      // A group that is seen for the first time starts with the oldest event, so that none is missed.
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
    const redis = args.redis[cache.name];
    if (redis === undefined || !cache.use.includes("state")) return [];
    const secretName = `${cache.name}-credentials`;
    const secret = this.createSecret(args, cache.name, secretName, { password: redis.password });
    const scopes = daprServices(args.system)
      .filter((service) => cache.throughDapr?.includes(service.name) ?? true)
      .map((service) => service.dapr.appId);
    const component = this.component(
      args,
      cache.name,
      "state.redis",
      [
        { name: "redisHost", value: pulumi.interpolate`${redis.host}:${redis.port}` },
        { name: "redisUsername", value: redis.username },
        { name: "redisPassword", secretKeyRef: { name: secretName, key: "password" } },
        { name: "enableTLS", value: "true" },
        // Keys carry the app's id, so that one service cannot read another's state.
        { name: "keyPrefix", value: "appid" },
        { name: "redisMaxRetries", value: "3" },
      ],
      scopes,
      [secret, ...redis.ready],
    );
    return [secret, component];
  }

  private createSubscriptions(args: DaprApplicationArguments, bus: EventBus): pulumi.Resource[] {
    return subscriptions(args.system, bus).map(({ name, scope, spec }) =>
      this.object(`subscription-${name}`, args, {
        apiVersion: API.subscription,
        kind: "Subscription",
        name,
        rest: { spec, scopes: [scope] },
      }),
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
