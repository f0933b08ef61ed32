/** AlertmanagerConfigs: that an alert reaches somebody. */
import { each, must, type Asked } from "../demands";
import { listed } from "./pods";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const CONFIG = "kubernetes:monitoring.coreos.com:AlertmanagerConfig";
/** Names by which a receiver says that it is meant to tell nobody. */
const SILENT = /^(null|none|nobody|blackhole|drop|silence)$/;

/** A route and all routes below it. */
function* routes(asked: Asked, route: Value): Generator<Value> {
  yield route;
  for (const inner of listed(asked, route.get("routes"))) yield* routes(asked, inner);
}

function receiversExist(asked: Asked): void {
  const { resource, context } = asked;
  const spec = resource.props.get("spec");
  const receivers = listed(asked, spec.get("receivers")).map((receiver) => receiver.get("name"));
  if (spec.get("receivers").isUnknown || receivers.some((name) => context.unsure(name))) return;
  const root = spec.get("route");
  for (const route of routes(asked, root)) {
    const isThere = ({ text }: Value): boolean =>
      receivers.some((name) => text !== undefined && name.text === text);
    const receiver = route.get("receiver");
    // A route without a receiver has that of the one above it.
    const isInherited = route !== root && receiver.isMissing;
    if (!isInherited)
      must(asked, receiver, isThere, "spec.receivers has none of that name: write the name of one");
  }
}

function receiversTell({ resource, context }: Asked): void {
  for (const receiver of listed({ resource, context }, resource.props.get("spec", "receivers"))) {
    const name = receiver.get("name");
    if (context.unsure(name) || SILENT.test(name.text ?? "")) continue;
    const ways = receiver.entries().filter(([key]) => key.endsWith("Configs"));
    if (ways.some(([, way]) => context.unsure(way) || way.list().length > 0)) continue;
    const wanted = 'it tells nobody: write slackConfigs or another way, or call it "nobody"';
    context.report(finding(resource, receiver, wanted));
  }
}

const shared = { themes: ["logging"], enforcement: STRICT_IN_PRODUCTION } as const;
const DOCS = "https://prometheus.io/docs/alerting/latest/configuration/";

export const alertRoutes: readonly Policy[] = [
  {
    ...shared,
    name: "alert-route-receiver",
    title: "Routes lead to a receiver",
    clause: { reference: "PO-01; ALL-10; amtool check-config", url: `${DOCS}#route` },
    severity: "high",
    prevents: "The operator refuses the whole configuration, and no alert is delivered.",
    description: "Every route of an AlertmanagerConfig names one of its receivers.",
    remediation: "Write the name of a receiver in spec.route, or add the receiver.",
    check: each([CONFIG], receiversExist),
  },
  {
    ...shared,
    name: "alert-receiver-tells",
    title: "Receivers tell somebody",
    clause: { reference: "PO-01; ALL-10", url: `${DOCS}#receiver` },
    severity: "high",
    prevents: "An alert is routed, counted as delivered, and read by nobody.",
    description:
      "Every receiver of an AlertmanagerConfig has a way to tell somebody, unless its name says that it does not.",
    remediation: "Write pagerdutyConfigs, slackConfigs, emailConfigs or another way.",
    check: each([CONFIG], receiversTell),
  },
];
