import * as pulumi from "@pulumi/pulumi";
import type { ConnectionPart, System } from "../../systems/model";
import { ServiceAlias, type AliasTarget } from "./alias";
import type { Appliance } from "../appliance/contract";
import { createAppliance } from "./appliance";
import { dataOf } from "./clients";
import { Component, type ComponentOptions } from "../kit/component";
import type { DataContext } from "./context";
import type { Kafka } from "../kafka/contract";
import { createKafka } from "./kafka";
import type { Postgres } from "../postgres/contract";
import { createPostgres } from "./postgres";
import { DatabaseSetup } from "../postgres/setup-job";
import type { Reach } from "../kit/egress";
import type { Redis } from "../redis/contract";
import { createRedis } from "./redis";

/** A system's data services by the names that the system gives them. */
export class DataServices extends Component {
  readonly kafka: Readonly<Record<string, Kafka>>;
  readonly redis: Readonly<Record<string, Redis>>;
  readonly postgres: Readonly<Record<string, Postgres>>;
  readonly appliances: Readonly<Record<string, Appliance>>;
  /** What exists before a client may connect, by data service: names that lead to it included. */
  readonly ready: Readonly<Record<string, readonly pulumi.Resource[]>>;

  constructor(name: string, context: DataContext, options: ComponentOptions) {
    const { system } = context.settings;
    super("data:DataServices", name, { system: system.id }, options);
    const below = { parent: this };
    const create = <T extends { readonly name: string }, U>(
      elements: readonly T[],
      make: (name: string, element: T, context: DataContext, options: typeof below) => U,
    ): Readonly<Record<string, U>> =>
      Object.fromEntries(
        elements.map((one) => [one.name, make(this.child(one.name), one, context, below)]),
      );
    this.kafka = create(system.eventBuses, createKafka);
    this.redis = create(system.caches, createRedis);
    this.postgres = create(system.databases, createPostgres);
    this.appliances = create(system.appliances, createAppliance);
    const further = [...this.createAliases(context), ...this.createSetups(context)];
    this.ready = Object.fromEntries(
      Object.entries(this.all).map(([one, { ready }]) => [
        one,
        [...ready, ...further.filter(({ of }) => of === one).flatMap((more) => more.ready)],
      ]),
    );
    this.publish();
  }

  private get all(): Readonly<Record<string, Kafka | Redis | Postgres | Appliance>> {
    return { ...this.kafka, ...this.redis, ...this.postgres, ...this.appliances };
  }

  /** Every way from a service, or its sidecar, to the data that it uses. */
  reachOf(service: System["services"][number], system: System): readonly Reach[] {
    return dataOf(service, system).flatMap((one) => this.all[one]?.reach ?? []);
  }

  /** What exists before a service may start. */
  readyFor(service: System["services"][number], system: System): readonly pulumi.Resource[] {
    return dataOf(service, system).flatMap((one) => this.ready[one] ?? []);
  }

  /** Names that the runbook's commands and programs use for what has another name here. */
  private createAliases({ settings, platform }: DataContext): readonly Further[] {
    const { application } = platform;
    return aliasesOf(settings.system, this).map(({ of, alias, target, port }) => {
      const { ready } = new ServiceAlias(
        this.child(`alias-${alias.split(".")[0] ?? alias}`),
        {
          system: settings.system.id,
          alias,
          applicationNamespace: application.namespace,
          target,
          ports: port === undefined ? [] : [{ port }],
        },
        { parent: this, dependsOn: [...application.ready] },
      );
      return { of, ready };
    });
  }

  /** What has to be said in SQL before a service may start. */
  private createSetups({ settings, platform }: DataContext): readonly Further[] {
    return Object.entries(this.postgres).flatMap(([database, { setup, reach, ready }]) => {
      if (setup === undefined) return [];
      const job = new DatabaseSetup(
        this.child(`${database}-setup`),
        {
          system: settings.system.id,
          namespace: platform.application.namespace,
          database,
          setup,
          reach,
          databaseReady: ready,
        },
        { parent: this, dependsOn: [...platform.application.ready] },
      );
      return [{ of: database, ready: job.ready }];
    });
  }
}

/** What comes after a data service and before its clients. */
interface Further {
  readonly of: string;
  readonly ready: readonly pulumi.Resource[];
}

interface Alias {
  readonly of: string;
  readonly alias: string;
  readonly target: AliasTarget;
  readonly port: number | undefined;
}

/** A name for each service that the runbook calls by one. */
function aliasesOf(system: System, data: DataServices): readonly Alias[] {
  const databases = system.databases.flatMap(({ name, alias, poolerAlias }) => {
    const postgres = data.postgres[name];
    if (postgres === undefined) return [];
    const { host, port, poolerHost } = postgres;
    return [
      ...(alias === undefined ? [] : [{ of: name, alias, target: leadTo(host, postgres), port }]),
      ...(poolerAlias === undefined || poolerHost === undefined
        ? []
        : [{ of: name, alias: poolerAlias, target: leadTo(poolerHost), port }]),
    ];
  });
  const caches = system.caches.flatMap(({ name, alias }) => {
    const redis = data.redis[name];
    return redis === undefined || alias === undefined
      ? []
      : [{ of: name, alias, target: leadTo(redis.host), port: undefined }];
  });
  const buses = system.eventBuses.flatMap(({ name, alias }) => {
    const kafka = data.kafka[name];
    return kafka === undefined || alias === undefined
      ? []
      : [{ of: name, alias, target: leadTo(kafka.brokers), port: undefined }];
  });
  return [...databases, ...caches, ...buses];
}

/** By name where it has one; a service that only has an address says so. */
const leadTo = (
  host: pulumi.Output<string>,
  { address }: { readonly address?: Postgres["address"] } = {},
): AliasTarget => (address === undefined ? { kind: "host", host } : { kind: "address", address });

/** What the system's secrets hold of its data services, by `<element>.<part>`. */
export function connections(
  system: System,
  data: Pick<DataServices, "kafka" | "redis" | "postgres" | "appliances">,
): Readonly<Record<string, pulumi.Output<string>>> {
  return Object.fromEntries([
    ...partsOf(system.databases, data.postgres, ({ alias }, { url, host, username, password }) => ({
      url,
      host: alias === undefined ? host : pulumi.output(alias),
      username,
      password,
    })),
    ...partsOf(system.caches, data.redis, (_, { url, host, username, password }) => ({
      url,
      host,
      username,
      password,
    })),
    ...partsOf(system.eventBuses, data.kafka, (_, { brokers, users: { application } }) => ({
      brokers,
      username: application.name,
      password: application.password,
    })),
    ...partsOf(system.appliances, data.appliances, (_, { url, host, apiKey }) => ({
      url,
      host,
      apiKey,
    })),
  ]);
}

/** Of each element that there is a service for, the parts that the service has. */
function partsOf<Element extends { readonly name: string }, DataService>(
  elements: readonly Element[],
  services: Readonly<Record<string, DataService>>,
  read: (
    element: Element,
    service: DataService,
  ) => Partial<Record<ConnectionPart, pulumi.Output<string> | undefined>>,
): readonly (readonly [string, pulumi.Output<string>])[] {
  return elements.flatMap((element) => {
    const service = services[element.name];
    return service === undefined
      ? []
      : Object.entries(read(element, service)).flatMap(([part, value]) =>
          value === undefined ? [] : [[`${element.name}.${part}`, value] as const],
        );
  });
}
