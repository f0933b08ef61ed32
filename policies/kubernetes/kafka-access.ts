/** Consumer groups that Kafka users may read in: those of their clients. */
import { list } from "../../lib/words";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { isSlip } from "./alike";
import { consumersOf, isKafka, settingOf, subscribersOf } from "./dapr-kafka";
import { lagsOf } from "./kafka-scalers";
import { inCluster, namespaceOf } from "./objects";

const USER = "kubernetes:kafka.strimzi.io:KafkaUser";
const COMPONENT = "kubernetes:dapr.io:Component";
const DOCS = "https://strimzi.io/docs/operators/latest/configuring.html#type-AclRule-reference";

/** The rules of a user that allow something with consumer groups; undefined without authorization. */
function rulesOf(user: StackResource): readonly Value[] | undefined {
  const rules = user.props.get("spec", "authorization", "acls");
  if (rules.isMissing) return undefined;
  return rules
    .listOrUnknown()
    .filter((rule) => rule.isUnknown || rule.get("resource", "type").string === "group")
    .filter((rule) => rule.get("type").string !== "deny");
}

/** An unknown operation counts as Read, and is noted. Rules of Strimzi's first API may have one `operation` instead. */
function allowsToRead(rule: Value, { urn }: StackResource, context: CheckContext): boolean {
  const many = rule.get("operations");
  const operations = many.isMissing ? [rule.get("operation")] : many.listOrUnknown();
  return operations.some(
    (each) => context.noteUnknown(each, urn) || ["Read", "All"].includes(each.string ?? ""),
  );
}

const nameIn = (rule: Value): Value => rule.get("resource", "name");

function allows(rule: Value, group: string): boolean {
  const resource = rule.get("resource");
  const name = resource.get("name").string ?? "";
  const isPrefix = resource.get("patternType").string === "prefix";
  return name === "*" || (isPrefix ? group.startsWith(name) : name === group);
}

const keyOf = (resource: StackResource, name: string): string =>
  inCluster(resource, namespaceOf(resource) ?? "", name);

/** A broker of Dapr logs in as a KafkaUser, whose name is the user name, and reads in its applications' groups. */
function everyGroupIsAllowed(stack: Stack, context: CheckContext): void {
  const users = new Map(
    stack
      .of(USER)
      .map((user) => [keyOf(user, user.props.get("metadata", "name").string ?? ""), user]),
  );
  for (const component of stack.of(COMPONENT).filter(isKafka)) {
    const written = settingOf(component, "saslUsername");
    if (context.noteUnknown(written, component.urn)) continue;
    const user = users.get(keyOf(component, written.string ?? ""));
    const all = user === undefined ? undefined : rulesOf(user);
    if (user === undefined || all === undefined) continue;
    const allowed = all.filter((rule) => allowsToRead(rule, user, context));
    if (allowed.some((rule) => context.noteUnknown(nameIn(rule), user.urn))) continue;
    const groups = subscribersOf(stack, component)
      .flatMap((app) => consumersOf(stack, component, app))
      .flatMap((one) => (one.component === component ? (one.group ?? []) : []));
    const missing = [...new Set(groups)].filter(
      (group) => !allowed.some((it) => allows(it, group)),
    );
    if (missing.length === 0) continue;
    const rules = user.props.get("spec", "authorization", "acls");
    const names = allowed.map((rule) => nameIn(rule).show()).join(", ");
    const message = `${nameOf(user)}: ${rules.path} allows Read only in the groups ${names || "of nobody"}; ${nameOf(component)} reads as this user in ${list(missing)}: allow Read there, or correct the group.`;
    context.report({ message, at: rules.keys }, user.urn);
  }
}

/** The groups that something in the stack is known to read in, or to measure. */
function groupsIn(stack: Stack, context: CheckContext): ReadonlySet<string> {
  const ofDapr = stack
    .of(COMPONENT)
    .filter(isKafka)
    .flatMap((component) =>
      subscribersOf(stack, component).flatMap((app) => consumersOf(stack, component, app)),
    );
  return new Set([
    ...ofDapr.flatMap(({ group }) => group ?? []),
    ...lagsOf(stack, context).flatMap(({ group }) => group.string ?? []),
  ]);
}

function noGroupIsASlip(stack: Stack, context: CheckContext): void {
  const known = groupsIn(stack, context);
  for (const user of stack.of(USER)) {
    const allowed = rulesOf(user) ?? [];
    for (const name of allowed.map(nameIn)) {
      if (context.noteUnknown(name, user.urn) || name.string === undefined) continue;
      const { string: own } = name;
      if (known.has(own)) continue;
      const meant = [...known].find((group) => isSlip(own, group));
      if (meant === undefined || allowed.some((rule) => allows(rule, meant))) continue;
      const expected = `nothing reads in this group, and the user may not use ${JSON.stringify(meant)}: did you mean it`;
      context.report(finding(user, name, expected), user.urn);
    }
  }
}

const common = { themes: ["messaging"] } as const;

export const kafkaAccess: readonly Policy[] = [
  {
    ...common,
    name: "kafka-user-groups",
    title: "Kafka users may read in their clients' groups",
    clause: { reference: "PO-03", url: DOCS },
    severity: "high",
    prevents: "A consumer is refused by the broker, and its events pile up.",
    description:
      "The KafkaUser that a Dapr broker logs in as may use the consumer groups of the applications that subscribe through it.",
    remediation:
      "Add an ACL on the group with the operation Read to the KafkaUser, or correct consumerGroup of the Component.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: everyGroupIsAllowed },
  },
  {
    ...common,
    name: "kafka-user-group-slips",
    title: "Groups of Kafka users have no slips",
    clause: { reference: "PO-03", url: DOCS },
    severity: "low",
    prevents: "A user may read in a group that does not exist, and not in the one that does.",
    description:
      "No group in the ACLs of a KafkaUser differs by one character from a group of the stack's consumers that the user may not use.",
    remediation: "Use the name of the consumer group in the ACL.",
    enforcement: ADVICE,
    check: { kind: "stack", run: noGroupIsASlip },
  },
];
