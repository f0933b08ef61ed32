import * as pulumi from "@pulumi/pulumi";
import type { ConnectionPart, System } from "../../systems/model";
import { ServiceAlias, type AliasTarget } from "./alias";
import type { Appliance } from "../appliance/contract";
import { createAppliance } from "./appliance";
import { createAuthorities, isPublic, type Signed, type Trusted } from "./authorities";
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
import { authorityFile, connectedTo, type Connection } from "../workload/connections";
import { createRedis } from "./redis";

/** A system's data services, by their names in the system. */
export class DataServices extends Component {
  readonly kafka: Readonly<Record<string, Kafka>>;
  readonly redis: Readonly<Record<string, Redis>>;
  readonly postgres: Readonly<Record<string, Postgres>>;
  readonly appliances: Readonly<Record<string, Appliance>>;
  readonly #authorities: Readonly<Record<string, Trusted>>;
  /** What must exist before a client can connect, by data service, including aliases. */
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
    this.#authorities = createAuthorities(
      (suffix) => this.child(suffix),
      { system, namespace: context.platform.application.namespace },
      Object.fromEntries(
        Object.entries({ ...this.kafka, ...this.redis, ...this.postgres }).filter(([of]) =>
          // Through Dapr, nobody would mount it.
          system.services.some(({ uses }) => uses.includes(of)),
        ),
      ),
      this.options({ dependsOn: [...context.platform.application.ready] }),
    );
    const further = [
      ...this.createAliases(context),
      ...this.createSetups(context),
      ...Object.entries(this.#authorities).map(([of, { ready }]) => ({ of, ready })),
    ];
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

  /** All network paths from a service, or its sidecar, to the data that it uses. */
  reachOf(service: System["services"][number], system: System): readonly Reach[] {
    return dataOf(service, system).flatMap((one) => this.all[one]?.reach ?? []);
  }

  /** How a service's own clients verify what they connect to. */
  connectionsOf(service: System["services"][number], system: System): readonly Connection[] {
    return connectedTo(service, system).map(({ of, kind }) => {
      const kafka = this.kafka[of];
      return {
        of,
        kind,
        authority: this.#authorities[of]?.authority ?? { kind: "public" },
        ...(kafka === undefined ? {} : { mechanism: MECHANISMS[kafka.authentication] }),
      };
    });
  }

  /** What must exist before a service starts. */
  readyFor(service: System["services"][number], system: System): readonly pulumi.Resource[] {
    return dataOf(service, system).flatMap((one) => this.ready[one] ?? []);
  }

  /** The runbook's names for services that have another name here. */
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

  /** SQL that must run before a service starts. */
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

/** By Kafka's own names. */
const MECHANISMS = {
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
  plain: "PLAIN",
} as const satisfies Record<Kafka["authentication"], string>;

/** What is created after a data service and before its clients. */
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

/** An alias for each service that has a name in the runbook. */
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

/** By name if it has one; a service with only an address provides `address`. */
const leadTo = (
  host: pulumi.Output<string>,
  { address }: { readonly address?: Postgres["address"] } = {},
): AliasTarget => (address === undefined ? { kind: "host", host } : { kind: "address", address });

/** Values of the data services for the system's secrets, by `<element>.<part>`. */
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
    ...partsOf(system.caches, data.redis, ({ name }, redis) => ({
      url: verifying(name, redis),
      host: redis.host,
      username: redis.username,
      password: redis.password,
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

/** redis-py, and what is made of it, reads the authority from the URL (`redis.from_url`). */
const verifying = (name: string, redis: Pick<Redis, "url"> & Signed) =>
  isPublic(redis)
    ? redis.url
    : pulumi.secret(pulumi.interpolate`${redis.url}?ssl_ca_certs=${authorityFile(name)}`);

/** For each element with a service, the parts that the service provides. */
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
