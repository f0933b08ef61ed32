import type { Settings } from "../../settings";
import type { EventBus } from "../../systems/model";
import { gib } from "../../systems/units";

/** Consumer groups of the sidecars: Dapr's default is the app id. */
const daprGroups = ({ system }: Settings, { through, topics }: EventBus): string[] =>
  through === "dapr"
    ? system.services.flatMap(({ name, dapr }) =>
        dapr !== undefined &&
        topics.some(({ consumers }) => consumers.some(({ service }) => service === name))
          ? [dapr.appId]
          : [],
      )
    : [];

/** The common arguments of every implementation. */
export const kafkaRequirements = (settings: Settings, bus: EventBus) => ({
  topics: bus.topics,
  groups: daprGroups(settings, bus),
  protect: settings.protection.kafka,
  rotation: settings.rotations[bus.name] ?? "1",
});

export const brokerStorage = (settings: Settings) => gib(settings.kafkaStorage ?? 100);
