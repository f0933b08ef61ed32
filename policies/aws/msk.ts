/** Amazon MSK. */
import { each, expectNot, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack, Resource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { configured, topicDurable } from "./msk-settings";
import { Relations } from "../relations";
import { is, isAtLeast, isMissingOr, isNot, isOneOf, isThat, rules } from "../rules";
import { aws } from "../tokens";
import { KAFKA_VERSIONS, expectSupported, versionSetting } from "./versions";

const CLUSTER = aws("msk", "Cluster");
const SERVERLESS = aws("msk", "ServerlessCluster");
const CONFIGURATION = aws("msk", "Configuration");
const TOPIC = aws("msk", "Topic");
const TARGET = aws("appautoscaling", "Target");

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html";
const GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["messaging", "aws"] } as const;

function authenticated(check: Check): void {
  const { resource, context } = check;
  const clients = resource.props.get("clientAuthentication");
  expectNot(check, clients.get("unauthenticated"), true, "it must be false");
  const ways = ["sasl.iam", "sasl.scram", "tls.certificateAuthorityArns"].map((path) =>
    clients.get(...path.split(".")),
  );
  const open = ways.map((way) => context.noteUnknown(way)).includes(true);
  if (open || ways.some((way) => way.boolean === true || way.list().length > 0)) return;
  const expected = "set sasl.iam or sasl.scram: anyone who can reach a broker can read and write";
  context.report(finding(resource, clients, expected));
}

/** Brokers of some types have no volumes of their own. */
const isExpress = (cluster: Resource): boolean =>
  instanceTypeOf(cluster).string?.startsWith("express.") === true;

const instanceTypeOf = ({ props }: Resource): Value =>
  props.get("brokerNodeGroupInfo", "instanceType");

function logged(check: Check): void {
  const logs = check.resource.props.get("loggingInfo", "brokerLogs");
  if (check.context.noteUnknown(logs)) return;
  const places = ["cloudwatchLogs", "firehose", "s3"].map((place) => logs.get(place, "enabled"));
  if (places.map((it) => check.context.noteUnknown(it)).includes(true)) return;
  const isSent = places.some(({ boolean }) => boolean === true);
  expectThat(check, logs, () => isSent, "enable cloudwatchLogs, firehose or s3");
}

function storageGrows(stack: Stack, context: CheckContext): void {
  const to = stack.of(CLUSTER);
  const targets = new Relations({ from: stack.of(TARGET), by: "resourceId", to });
  for (const cluster of to) {
    const volume = cluster.props.get("brokerNodeGroupInfo", "storageInfo");
    if (isExpress(cluster) || targets.of(cluster).length > 0) continue;
    if (!knows({ resource: cluster, context }, volume, instanceTypeOf(cluster))) continue;
    if (targets.mayBeMore(cluster, context)) continue;
    const expected =
      "add an Application Auto Scaling Target for kafka:broker-storage:VolumeSize whose resourceId is its ARN";
    context.report(
      `${nameOf(cluster)}: its storage does not scale automatically; ${expected}.`,
      cluster.urn,
    );
  }
}

const closed: readonly Policy[] = [
  {
    ...strict,
    name: "aws-msk-tls",
    title: "MSK brokers accept TLS only",
    clause: { reference: "PO-03; ALL-12; CKV_AWS_81; MSK.1", url: CONTROLS },
    severity: "high",
    themes: ["tls", "messaging", "aws"],
    prevents: "Events and passwords cross the network in plain text.",
    description: "MSK clusters accept TLS only, and their brokers use it between themselves.",
    remediation:
      "Set encryptionInfo.encryptionInTransit to { clientBroker: TLS, inCluster: true }, or leave it out.",
    // Both defaults are right.
    check: rules([CLUSTER], {
      "encryptionInfo.encryptionInTransit.clientBroker": isMissingOr(
        ({ string }) => string === "TLS",
        'it must be "TLS"',
      ),
      "encryptionInfo.encryptionInTransit.inCluster": isNot(false, "it must be true"),
    }),
  },
  {
    ...strict,
    name: "aws-msk-private",
    title: "MSK brokers are not public",
    clause: { reference: "PO-03; CKV_AWS_291; MSK.4", url: CONTROLS },
    severity: "critical",
    themes: ["network", "messaging", "aws"],
    prevents: "The brokers' ports are open to the internet, protected only by a password.",
    description: "No MSK cluster has public access.",
    remediation: "Set brokerNodeGroupInfo.connectivityInfo.publicAccess.type to DISABLED.",
    check: rules([CLUSTER], {
      "brokerNodeGroupInfo.connectivityInfo.publicAccess.type": isNot(
        "SERVICE_PROVIDED_EIPS",
        'it must be "DISABLED"',
      ),
    }),
  },
  {
    ...strict,
    name: "aws-msk-authenticated",
    title: "MSK requires authentication",
    clause: { reference: "PO-03; MSK.6", url: CONTROLS },
    severity: "critical",
    prevents: "Any pod that can reach a broker can read all events, or publish false ones.",
    description: "MSK clusters authenticate their clients and reject unauthenticated ones.",
    remediation:
      "Set clientAuthentication.sasl.iam or .scram to true, and unauthenticated to false.",
    check: each([CLUSTER], authenticated),
  },
  {
    ...strict,
    name: "aws-msk-serverless-authenticated",
    title: "MSK Serverless requires authentication",
    clause: { reference: "PO-03", url: `${GUIDE}/serverless.html` },
    severity: "critical",
    prevents: "Any pod that can reach the cluster can read all events, or publish false ones.",
    description: "MSK Serverless clusters authenticate their clients with IAM.",
    remediation: "Set clientAuthentication.sasl.iam.enabled to true.",
    check: rules([SERVERLESS], { "clientAuthentication.sasl.iam.enabled": is(true) }),
  },
];

const durable: readonly Policy[] = [
  {
    ...strict,
    name: "aws-msk-brokers-spread",
    title: "MSK tolerates the loss of a zone",
    clause: { reference: "PO-02; ALL-12", url: `${GUIDE}/bestpractices.html` },
    severity: "high",
    themes: ["availability", "messaging", "aws"],
    prevents: "The loss of one zone takes down so many brokers that events are refused or lost.",
    description: "MSK clusters have at least three brokers in three zones.",
    remediation: "Set numberOfBrokerNodes to 3 or more, and list a subnet in each of three zones.",
    check: rules([CLUSTER], {
      numberOfBrokerNodes: isAtLeast(3),
      "brokerNodeGroupInfo.clientSubnets": isThat(
        (it) => it.list().length > 2,
        "list subnets in three zones",
      ),
    }),
  },
  {
    ...strict,
    name: "aws-msk-configuration-durable",
    title: "MSK acknowledges writes on at least two brokers",
    clause: { reference: "PO-02", url: `${GUIDE}/msk-configuration-properties.html` },
    severity: "high",
    prevents: "An event that was acknowledged to its publisher is lost with one broker.",
    description:
      "MSK configurations keep three replicas, two of them in sync, and never elect an out-of-sync leader.",
    remediation:
      "Set default.replication.factor=3, min.insync.replicas=2 and unclean.leader.election.enable=false in serverProperties.",
    check: each([CONFIGURATION], configured),
  },
  {
    ...strict,
    name: "aws-msk-topic-durable",
    title: "MSK topics tolerate the loss of a broker",
    clause: { reference: "PO-02", url: `${GUIDE}/bestpractices.html` },
    severity: "high",
    prevents: "An event that was acknowledged to its publisher is lost with one broker.",
    description: "MSK topics have three replicas, two of which must acknowledge a write.",
    remediation: "Set replicationFactor to 3 and min.insync.replicas in configs to 2.",
    check: each([TOPIC], topicDurable),
  },
  {
    ...strict,
    name: "aws-msk-storage-grows",
    title: "MSK storage scales automatically",
    clause: { reference: "PO-02", url: `${GUIDE}/msk-autoexpand.html` },
    severity: "high",
    prevents: "A full volume stops the broker, and every publisher with it.",
    description: "Every provisioned MSK cluster has storage auto scaling.",
    remediation:
      "Add an appautoscaling.Target (serviceNamespace kafka, resourceId the cluster's ARN) and its Policy.",
    check: { kind: "stack", run: storageGrows },
  },
  {
    ...strict,
    name: "aws-msk-version-supported",
    title: "MSK runs a supported Kafka version",
    clause: { reference: "PO-03", url: `${GUIDE}/supported-kafka-versions.html` },
    severity: "high",
    prevents: "AWS upgrades the cluster on a day of its choosing, or refuses to create it again.",
    description: "MSK clusters run a Kafka version that MSK supports.",
    remediation: "Set kafkaVersion to a supported version; it is upgraded in place.",
    configuration: { properties: { versions: versionSetting(KAFKA_VERSIONS, "Kafka") } },
    check: each([CLUSTER], (check) => {
      expectSupported(check, check.resource.props.get("kafkaVersion"), "versions", KAFKA_VERSIONS);
    }),
  },
  {
    ...strict,
    name: "aws-msk-logs",
    title: "MSK brokers deliver their logs",
    clause: { reference: "PO-03; CKV_AWS_80", url: `${GUIDE}/msk-logging.html` },
    severity: "medium",
    themes: ["logging", "messaging", "aws"],
    prevents: "After an incident the brokers' logs are gone with their disks.",
    description: "MSK clusters deliver broker logs to CloudWatch, Firehose or S3.",
    remediation: "Set loggingInfo.brokerLogs.cloudwatchLogs to { enabled: true, logGroup }.",
    check: each([CLUSTER], logged),
  },
  {
    ...strict,
    name: "aws-msk-monitored",
    title: "MSK reports metrics per broker",
    clause: { reference: "PO-04; MSK.2", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "messaging", "aws"],
    prevents: "A broker runs out of memory or network before anyone notices.",
    description: "MSK clusters report metrics for each broker.",
    remediation: "Set enhancedMonitoring to PER_BROKER or finer.",
    check: rules([CLUSTER], {
      enhancedMonitoring: isOneOf("PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"),
    }),
  },
];

export const msk: readonly Policy[] = [...closed, ...durable];
