import type { Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import type { Key } from "../values";

const config = (): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
  name: "shop",
  props: {
    metadata: { name: "shop", namespace: "monitoring" },
    spec: {
      receivers: [
        { name: "nobody" },
        { name: "critical", pagerdutyConfigs: [{ sendResolved: true }] },
      ],
      route: {
        receiver: "nobody",
        routes: [{ receiver: "critical", routes: [{ matchers: [] }] }],
      },
    },
  },
});
const AT = 'AlertmanagerConfig "monitoring/shop": spec.';
const ROUTE: readonly Key[] = ["spec", "route"];

const none = (path: string, found: string): string =>
  `${AT}${path}.receiver is ${found}; spec.receivers has no receiver of that name: use an existing one.`;
testPolicy("alert-route-receiver", {
  happy: config,
  broken: [
    { at: [...ROUTE, "receiver"], to: "all", says: none("route", '"all"') },
    { at: [...ROUTE, "receiver"], says: none("route", "missing") },
    { at: [...ROUTE, "routes", 0, "receiver"], to: "all", says: none("route.routes[0]", '"all"') },
    { at: [...ROUTE, "routes", 0, "receiver"], says: [] },
    {
      at: [...ROUTE, "routes", 0, "routes", 0, "receiver"],
      to: "all",
      says: none("route.routes[0].routes[0]", '"all"'),
    },
    { at: ["spec", "receivers", 0], to: {}, says: none("route", '"nobody"') },
    {
      at: ["spec", "receivers"],
      to: [{}],
      says: [none("route", '"nobody"'), none("route.routes[0]", '"critical"')],
    },
  ],
  unknown: [
    ["spec", "receivers"],
    ["spec", "receivers", 0, "name"],
    [...ROUTE, "receiver"],
    [...ROUTE, "routes"],
    [...ROUTE, "routes", 0, "routes"],
  ],
});

const silent = (found: string): string =>
  `${AT}receivers[1] is ${found}; it notifies nobody: add slackConfigs or another channel, or name it "nobody".`;
const SECOND: readonly Key[] = ["spec", "receivers", 1];
testPolicy("alert-receiver-tells", {
  happy: config,
  broken: [
    { at: [...SECOND, "pagerdutyConfigs"], says: silent('{"name":"critical"}') },
    {
      at: SECOND,
      to: { name: "critical", slackConfigs: [] },
      says: silent('{"name":"critical","slackConfigs":[]}'),
    },
    {
      at: SECOND,
      to: { name: "critical", slack: [{}] },
      says: silent('{"name":"critical","slack":[{}]}'),
    },
    { at: SECOND, to: { name: "nobody-else" }, says: silent('{"name":"nobody-else"}') },
    { at: SECOND, to: { name: "x-null" }, says: silent('{"name":"x-null"}') },
    { at: SECOND, to: {}, says: silent("{}") },
    ...["null", "none", "blackhole"].map((name) => ({ at: SECOND, to: { name }, says: [] })),
    { at: SECOND, to: { name: "critical", slackConfigs: [], webhookConfigs: [{}] }, says: [] },
  ],
  unknown: [
    ["spec", "receivers"],
    [...SECOND, "name"],
    [...SECOND, "pagerdutyConfigs"],
  ],
});
