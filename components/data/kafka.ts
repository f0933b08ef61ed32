import type * as pulumi from "@pulumi/pulumi";
import type { EventBus } from "../../systems/model";
import { incarnated, incarnationOf } from "../../settings/names";
import { ENGINES } from "../../versions";
import { clientsOf } from "./clients";
import { broughtBy, givenSecret, inCluster, type DataContext } from "./context";
import type { Kafka } from "../kafka/contract";
import { ExternalKafka } from "../kafka/external";
import { StrimziKafka } from "../kafka/strimzi";
import { brokerStorage, kafkaRequirements } from "../kafka/requirements";

type Options = pulumi.ComponentResourceOptions;

/** Chooses the implementation of an event bus. No other file knows all of them. */
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
      return context.cloud.kafka(name, bus, context, options);
  }
}

function operated(name: string, bus: EventBus, context: DataContext, options: Options): Kafka {
  const { settings, platform } = context;
  const operator = broughtBy(
    platform.dataOperators.kafka,
    `Event bus ${bus.name}`,
    "Strimzi's operator",
  );
  return new StrimziKafka(
    name,
    {
      ...inCluster(context),
      ...kafkaRequirements(settings, bus),
      // Strimzi keeps the volumes of a deleted Kafka, and a new one refuses those of another.
      clusterName: incarnated(bus.name, incarnationOf(settings, bus.name)),
      version: settings.kafkaVersion ?? ENGINES.operator.kafka,
      brokers: bus.brokers,
      storage: brokerStorage(settings),
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
