import { accessOf, type BusArguments } from "../../../kafka/access";
import type { KafkaUserName } from "../../../kafka/contract";

/** An ACL in Google's format: its id names the resources. */
export interface GoogleAccess {
  readonly aclId: string;
  readonly entries: readonly { readonly user: KafkaUserName; readonly operation: string }[];
}

const KIND = { topic: "topic", group: "consumerGroup" } as const;

/**
 * A resource without an ACL is open to everyone who can connect. So the ACLs on all resources come
 * first: they allow the monitor to describe, and so deny everyone else; Google's own API uses
 * separate permissions. Pure.
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
