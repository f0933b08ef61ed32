import type * as pulumi from "@pulumi/pulumi";
import type { EventBus } from "../../systems/model";
import { gib } from "../../systems/units";
import { ENGINES } from "../../versions";
import { clientsOf } from "../clients";
import type { AwsPlacement, DigitalOceanPlacement, GooglePlacement } from "../cluster/contract";
import { ComponentError } from "../kit/component";
import {
  broughtBy,
  daprGroups,
  givenSecret,
  inCluster,
  managedName,
  noManaged,
  onDigitalOcean,
  type DataContext,
} from "../data-context";
import type { Kafka } from "./contract";
import { DigitalOceanKafka } from "../clouds/digitalocean/kafka";
import { ExternalKafka } from "./external";
import { GoogleKafka } from "../clouds/gcp/kafka/kafka";
import { MskKafka } from "../clouds/aws/msk/msk";
import { StrimziKafka } from "./strimzi";

type Options = pulumi.ComponentResourceOptions;

/** Chooses who runs an event bus: the one place that knows them all. */
export function createKafka(
  name: string,
  bus: EventBus,
  context: DataContext,
  options: Options,
): Kafka {
  switch (bus.runs) {
    case "external":
      return external(name, bus, context, options);
    case "operator":
      return operated(name, bus, context, options);
    case "managed":
      return managed(name, bus, context, options);
  }
}

function managed(name: string, bus: EventBus, context: DataContext, options: Options): Kafka {
  const { placement } = context.cluster;
  switch (placement.cloud) {
    case "digitalocean":
      return onDo(name, bus, context, placement, options);
    case "aws":
      return onAws(name, bus, context, placement, options);
    case "gcp":
      return onGoogle(name, bus, context, placement, options);
    case "existing":
      return noManaged(`Event bus ${bus.name}`);
  }
}

/** What every implementation is told of the bus. */
const asked = (context: DataContext, bus: EventBus) => ({
  topics: bus.topics,
  groups: daprGroups(context, bus),
  protect: context.settings.protection.kafka,
  rotation: context.settings.rotations[bus.name] ?? "1",
});

const storage = ({ settings }: DataContext) => gib(settings.kafkaStorage ?? 100);

function onDo(
  name: string,
  bus: EventBus,
  context: DataContext,
  placement: DigitalOceanPlacement,
  options: Options,
): Kafka {
  const { settings } = context;
  const { topics, protect } = asked(context, bus);
  if (settings.kafkaVersion === undefined) {
    throw new ComponentError(
      `Event bus ${bus.name}`,
      "version",
      "missing",
      "one that is on offer",
      "Set runstack:kafkaVersion.",
    );
  }
  return new DigitalOceanKafka(
    name,
    {
      ...onDigitalOcean(context, managedName(context, bus.name), placement),
      topics,
      protect,
      version: settings.kafkaVersion,
      size: settings.kafkaSize,
      nodes: bus.brokers,
    },
    options,
  );
}

/** Access lists are written from inside the cluster, so its namespace comes first. */
function onAws(
  name: string,
  bus: EventBus,
  context: DataContext,
  placement: AwsPlacement,
  options: Options,
): Kafka {
  const { settings, platform } = context;
  return new MskKafka(
    name,
    {
      ...asked(context, bus),
      clusterName: managedName(context, bus.name),
      version: settings.kafkaVersion ?? bus.version ?? ENGINES.aws.kafka,
      brokers: bus.brokers,
      instanceType: settings.kafkaSize,
      storage: storage(context),
      placement,
      cidr: settings.network.managed,
      system: settings.system.id,
      namespace: platform.application.namespace,
      namespaceReady: platform.application.ready,
      tags: {},
    },
    options,
  );
}

function onGoogle(
  name: string,
  bus: EventBus,
  context: DataContext,
  placement: GooglePlacement,
  options: Options,
): Kafka {
  const { settings } = context;
  return new GoogleKafka(
    name,
    {
      ...asked(context, bus),
      clusterName: managedName(context, bus.name),
      processors: Number(settings.kafkaSize),
      placement,
      cidr: settings.network.vpc,
    },
    options,
  );
}

function operated(name: string, bus: EventBus, context: DataContext, options: Options): Kafka {
  const { settings, platform, cluster } = context;
  const operator = broughtBy(
    platform.dataOperators.kafka,
    `Event bus ${bus.name}`,
    "Strimzi's operator",
  );
  return new StrimziKafka(
    name,
    {
      ...inCluster(context),
      ...asked(context, bus),
      clusterName: bus.name,
      version: settings.kafkaVersion ?? ENGINES.operator.kafka,
      brokers: bus.brokers,
      storage: storage(context),
      zones: cluster.zones,
      production: settings.production,
      operatorNamespace: operator.namespace,
      allowFrom: clientsOf(bus.name, settings.system),
      ...(bus.alias === undefined ? {} : { alias: bus.alias }),
      maintenance: settings.system.maintenance,
    },
    { ...options, dependsOn: [...platform.application.ready, operator.operator] },
  );
}

function external(name: string, bus: EventBus, context: DataContext, options: Options): Kafka {
  const { settings, given } = context;
  const secret = (key: string) => givenSecret(context, `Event bus ${bus.name}`, key);
  const authority = given["KAFKA_CA"];
  return new ExternalKafka(
    name,
    {
      brokers: settings.kafkaBrokers,
      authentication: settings.kafkaAuthentication,
      application: { username: secret("KAFKA_USERNAME"), password: secret("KAFKA_PASSWORD") },
      monitor: {
        username: secret("KAFKA_MONITOR_USERNAME"),
        password: secret("KAFKA_MONITOR_PASSWORD"),
      },
      ...(authority === undefined ? {} : { certificateAuthority: authority }),
    },
    options,
  );
}
