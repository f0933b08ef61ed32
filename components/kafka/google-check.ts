import { quantity } from "../../systems/units";
import { checkTopics, refusing } from "./check";
import type { GoogleKafkaArguments } from "./google";

type Checked = Pick<
  GoogleKafkaArguments,
  "clusterName" | "vcpus" | "memory" | "storage" | "topics" | "leastRetention"
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

/** Service accounts are named after it, and may have thirty letters; four tell the two apart. */
function checkName(component: string, { clusterName }: Checked): void {
  if (/^[a-z][a-z0-9-]{0,24}[a-z0-9]$/.test(clusterName)) return;
  refusing(component)(
    "clusterName",
    `"${clusterName}"`,
    "2 to 26 lower-case letters, digits and hyphens, beginning with a letter",
    "Shorten it.",
  );
}

function checkCapacity(component: string, { vcpus, memory, storage }: Checked): void {
  const refuse = refusing(component);
  if (!Number.isInteger(vcpus) || vcpus < 3) {
    refuse("vcpus", String(vcpus), "a whole number from 3 on", "Each of three zones needs one.");
  }
  const perProcessor = memory.bytes / 1024 ** 3 / vcpus;
  if (!Number.isInteger(memory.bytes) || perProcessor < 1 || perProcessor > 8) {
    refuse(
      "memory",
      quantity(memory),
      `${String(vcpus)}Gi to ${String(8 * vcpus)}Gi`,
      "Google gives 1 to 8 GiB to each processor.",
    );
  }
  const gibs = storage === undefined ? 100 : storage.bytes / 1024 ** 3;
  if (storage !== undefined && (!Number.isInteger(gibs) || gibs < 100)) {
    refuse("storage", quantity(storage), "whole Gi from 100 on", "It is of each broker.");
  }
}
