/** AlertmanagerConfigs: alerts must reach someone. */
import { each, elements, expectThat, knows, type Check } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const CONFIG = "kubernetes:monitoring.coreos.com:AlertmanagerConfig";
/** Receiver names that mean "notify nobody". */
const SILENT = /^(null|none|nobody|blackhole|drop|silence)$/;

/** A route and all routes below it. */
function* routes(check: Check, route: Value): Generator<Value> {
  yield route;
  for (const inner of elements(check, route.get("routes"))) yield* routes(check, inner);
}

function receiversExist(check: Check): void {
  const spec = check.resource.props.get("spec");
  const receivers = spec
    .get("receivers")
    .listOrUnknown()
    .map((receiver) => receiver.get("name"));
  if (!knows(check, ...receivers)) return;
  const root = spec.get("route");
  for (const route of routes(check, root)) {
    const isThere = ({ string }: Value): boolean =>
      receivers.some((name) => string !== undefined && name.string === string);
    const receiver = route.get("receiver");
    // A route without a receiver inherits its parent's.
    const isInherited = route !== root && receiver.isMissing;
    if (!isInherited)
      expectThat(
        check,
        receiver,
        isThere,
        "spec.receivers has no receiver of that name: use an existing one",
      );
  }
}

function receiversTell({ resource, context }: Check): void {
  for (const receiver of elements({ resource, context }, resource.props.get("spec", "receivers"))) {
    const name = receiver.get("name");
    if (context.noteUnknown(name) || SILENT.test(name.string ?? "")) continue;
    const ways = receiver.entries().filter(([key]) => key.endsWith("Configs"));
    if (ways.some(([, way]) => context.noteUnknown(way) || way.list().length > 0)) continue;
    const expected = 'it notifies nobody: add slackConfigs or another channel, or name it "nobody"';
    context.report(finding(resource, receiver, expected));
  }
}

const shared = { themes: ["logging"], enforcement: STRICT_IN_PRODUCTION } as const;
const DOCS = "https://prometheus.io/docs/alerting/latest/configuration/";

export const alertRoutes: readonly Policy[] = [
  {
    ...shared,
    name: "alert-route-receiver",
    title: "Alert routes name an existing receiver",
    clause: { reference: "PO-01; ALL-10; amtool check-config", url: `${DOCS}#route` },
    severity: "high",
    prevents: "The operator rejects the whole configuration, and no alert is delivered.",
    description: "Every route of an AlertmanagerConfig names one of its receivers.",
    remediation:
      "Set the receiver of the route in spec.route to an existing one, or add the receiver.",
    check: each([CONFIG], receiversExist),
  },
  {
    ...shared,
    name: "alert-receiver-tells",
    title: "Alert receivers notify someone",
    clause: { reference: "PO-01; ALL-10", url: `${DOCS}#receiver` },
    severity: "high",
    prevents: "An alert is routed, counts as delivered, and nobody sees it.",
    description:
      "Every receiver of an AlertmanagerConfig has a notification channel, unless its name says that it does not notify.",
    remediation: "Add pagerdutyConfigs, slackConfigs, emailConfigs or another channel.",
    check: each([CONFIG], receiversTell),
  },
];
