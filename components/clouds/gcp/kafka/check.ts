import { gib, quantity, type Size } from "../../../../systems/units";
import { checkTopics, refusing } from "../../../kafka/check";
import type { GoogleKafkaArguments } from "./kafka";

type Checked = Pick<
  GoogleKafkaArguments,
  "clusterName" | "processors" | "memory" | "storage" | "topics" | "leastRetention"
>;

/** Google spreads each cluster over three zones. */
const BROKERS = 3;

/** What Google would refuse. Pure. */
export function checkGoogle(name: string, args: Checked): void {
  const component = `GoogleKafka ${name}`;
  checkName(component, args);
  checkCapacity(component, args);
  checkTopics(component, args.topics, {
    brokers: BROKERS,
    mostPartitions: 4000,
    ...(args.leastRetention === undefined ? {} : { leastRetention: args.leastRetention }),
  });
}

/** Four for each: between what Google takes for processors and for memory. */
export const memoryOf = ({ processors, memory }: Pick<Checked, "processors" | "memory">): Size =>
  memory ?? gib(4 * processors);

/** RFC 1035, for the address carries it. */
function checkName(component: string, { clusterName }: Checked): void {
  if (/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(clusterName)) return;
  refusing(component)(
    "clusterName",
    `"${clusterName}"`,
    "1 to 63 lower-case letters, digits and hyphens, beginning with a letter",
    "Shorten it.",
  );
}

function checkCapacity(component: string, args: Checked): void {
  const refuse = refusing(component);
  const { processors, storage } = args;
  if (!Number.isInteger(processors) || processors < 3) {
    refuse(
      "processors",
      String(processors),
      "a whole number from 3 on",
      "Each of three zones needs one.",
    );
  }
  const memory = memoryOf(args);
  const perProcessor = memory.bytes / 1024 ** 3 / processors;
  if (!Number.isInteger(memory.bytes) || perProcessor < 1 || perProcessor > 8) {
    refuse(
      "memory",
      quantity(memory),
      `${String(processors)}Gi to ${String(8 * processors)}Gi`,
      "Google gives 1 to 8 GiB to each processor.",
    );
  }
  const gibs = storage === undefined ? 100 : storage.bytes / 1024 ** 3;
  if (storage !== undefined && (!Number.isInteger(gibs) || gibs < 100)) {
    refuse("storage", quantity(storage), "whole Gi from 100 on", "It is of each broker.");
  }
}
