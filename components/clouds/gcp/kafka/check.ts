import { KAFKA_PROCESSORS } from "../../../../settings/clouds/gcp";
import { checkTopics, refusing } from "../../../kafka/check";
import type { GoogleKafkaArguments } from "./kafka";

type Checked = Pick<GoogleKafkaArguments, "clusterName" | "processors" | "topics">;

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
  });
}

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

function checkCapacity(component: string, { processors }: Checked): void {
  const refuse = refusing(component);
  if (!Number.isInteger(processors) || processors < KAFKA_PROCESSORS.least) {
    refuse(
      "processors",
      String(processors),
      `a whole number from ${KAFKA_PROCESSORS.least} on`,
      "Each of three zones needs one.",
    );
  }
}
