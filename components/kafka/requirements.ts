import type { Settings } from "../../settings";
import type { EventBus } from "../../systems/model";
import { gib } from "../../systems/units";
import { daprGroups, type DataContext } from "../data-context";

/** What every implementation is told of the bus. */
export const kafkaRequirements = (context: DataContext, bus: EventBus) => ({
  topics: bus.topics,
  groups: daprGroups(context, bus),
  protect: context.settings.protection.kafka,
  rotation: context.settings.rotations[bus.name] ?? "1",
});

export const brokerStorage = (settings: Settings) => gib(settings.kafkaStorage ?? 100);
