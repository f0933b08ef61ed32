import { KAFKA_PROCESSORS } from "../../../../settings/clouds/gcp";
import { topicRules } from "../../../kafka/check";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import type { GoogleKafkaArguments } from "./kafka";

type Checked = Pick<GoogleKafkaArguments, "clusterName" | "processors" | "topics">;

/** Google spreads each cluster over three zones. */
const BROKERS = 3;

/** What Google would reject. Pure. */
export function checkGoogle(name: string, args: Checked): void {
  enforce(`GoogleKafka ${name}`, [
    ...clusterRules(args),
    ...topicRules(args.topics, { brokers: BROKERS, mostPartitions: 4000 }),
  ]);
}

function clusterRules({ clusterName, processors }: Checked): readonly Rule[] {
  return [
    // RFC 1035, because it is part of the address.
    {
      holds: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(clusterName),
      key: "clusterName",
      value: quoted(clusterName),
      allowed: "1 to 63 lower-case letters, digits and hyphens, beginning with a letter",
      next: "Shorten it.",
    },
    {
      holds: Number.isInteger(processors) && processors >= KAFKA_PROCESSORS.least,
      key: "processors",
      value: String(processors),
      allowed: `a whole number, at least ${KAFKA_PROCESSORS.least}`,
      next: "Each of the three zones needs one.",
    },
  ];
}
