import { accessOf, type BusArguments } from "../../../kafka/access";
import type { KafkaUserName } from "../../../kafka/contract";

/** An access list in Google's terms: its id says which resources it is about. */
export interface GoogleAccess {
  readonly aclId: string;
  readonly entries: readonly { readonly user: KafkaUserName; readonly operation: string }[];
}

const KIND = { topic: "topic", group: "consumerGroup" } as const;

/**
 * A resource without a list is open to whoever may connect. So the lists over everything come first:
 * they let the monitor describe, and by that close the rest to all others; Google's own API goes by
 * lists of its own. Pure.
 */
export function googleAccess(bus: BusArguments): readonly GoogleAccess[] {
  const describe = [{ user: "monitor", operation: "DESCRIBE" }] as const;
  return [
    {
      aclId: "cluster",
      entries: [...describe, { user: "application", operation: "IDEMPOTENT_WRITE" }],
    },
    { aclId: "allTopics", entries: describe },
    { aclId: "allConsumerGroups", entries: describe },
    { aclId: "allTransactionalIds", entries: describe },
    ...accessOf("application", bus).flatMap(({ kind, names, operations }) =>
      names.map((name) => ({
        aclId: `${KIND[kind]}/${name}`,
        entries: operations.map((operation) => ({
          user: "application" as const,
          operation: operation.toUpperCase(),
        })),
      })),
    ),
  ];
}
