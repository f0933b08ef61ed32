import { mib, millicores, minutes, percent } from "../units";
import { SERVICE_RULES } from "./services";
import { copyOf, describeRules } from "./fixtures/describe-rules";

describeRules(SERVICE_RULES, [
  {
    rule: "port-valid",
    broken: "a privileged port",
    change: { "services.1.port": 80, "services.1.health.port": 80 },
    path: "services[mailer].port",
    message:
      'A port of service "mailer" is 80, but must be a whole number from 1024 to 65535, since pods run without root: choose another port.',
  },
  {
    rule: "port-valid",
    broken: "a port beyond the last",
    change: { "services.1.port": 65536, "services.1.health.port": 65536 },
    path: "services[mailer].port",
    message:
      'A port of service "mailer" is 65536, but must be a whole number from 1024 to 65535, since pods run without root: choose another port.',
  },
  {
    rule: "port-clash",
    broken: "a port of Dapr's sidecar",
    change: { "services.0.port": 3500, "services.0.health.port": 3500 },
    path: "services[store].port",
    message:
      'The port of service "store" is 3500, but must be none of 3500, 50001, 50002, 9090, which Dapr\'s sidecar listens on in the same pod: choose another port.',
  },
  {
    rule: "health-port",
    broken: "a probe of a different port",
    change: { "services.1.health.port": 8457 },
    path: "services[mailer].health.port",
    message:
      'The health port of service "mailer" is 8457, but must be 8456, the only port it serves: probe the port that the service listens on.',
  },
  {
    rule: "range-ordered",
    broken: "a range that runs backwards",
    change: { "services.0.scaling.replicas": { min: 9, max: 2 } },
    path: "services[store].scaling.replicas",
    message:
      'The range of service "store" is 9 to 2, but must be whole numbers from 1, the smaller first: correct the range.',
  },
  {
    rule: "range-ordered",
    broken: "a service without pods",
    change: { "services.0.scaling.replicas": { min: 0, max: 2 } },
    path: "services[store].scaling.replicas",
    message:
      'The range of service "store" is 0 to 2, but must be whole numbers from 1, the smaller first: correct the range.',
  },
  {
    rule: "range-ordered",
    broken: "a node pool without nodes",
    change: { "cluster.pools.0.nodes": { min: 0, max: 0 } },
    path: "cluster.pools[default].nodes",
    message:
      'The range of node pool "default" is 0 to 0, but must be whole numbers, the smaller first and the larger above 0: correct the range.',
  },
  {
    rule: "requests-within-limits",
    broken: "a memory request above its limit",
    change: { "services.1.resources.requests.memory": mib(411) },
    path: "services[mailer].resources.requests.memory",
    message:
      'The memory request of service "mailer" is 411Mi, but must be at most its limit of 410Mi: lower the request or raise the limit.',
  },
  {
    rule: "requests-within-limits",
    broken: "a processor request above its limit",
    change: {
      "services.0.resources.stepUp": {
        requests: { cpu: millicores(900), memory: mib(210) },
        limits: { cpu: millicores(800), memory: mib(410) },
      },
    },
    path: "services[store].resources.stepUp.requests.cpu",
    message:
      'The processor request of the larger size of service "store" is 900m, but must be at most its limit of 800m: lower the request or raise the limit.',
  },
  {
    rule: "requests-within-limits",
    broken: "a database with a request above its limit",
    change: {
      "databases.0.resources": { ...copyOf("services.0.resources"), limits: { memory: mib(209) } },
    },
    path: "databases[orders].resources.requests.memory",
    message:
      'The memory request of database "orders" is 210Mi, but must be at most its limit of 209Mi: lower the request or raise the limit.',
  },
  {
    rule: "requests-within-limits",
    broken: "a sidecar with a request above its limit",
    change: {
      "services.0.sidecars": [
        {
          ...copyOf("services.0.dapr"),
          name: "clock",
          resources: { ...copyOf("services.0.resources"), limits: { memory: mib(208) } },
        },
      ],
    },
    path: "services[store].sidecars[clock].resources.requests.memory",
    message:
      'The memory request of sidecar "clock" is 210Mi, but must be at most its limit of 208Mi: lower the request or raise the limit.',
  },
  {
    rule: "blue-green",
    broken: "a switch without an observation time",
    change: { "services.0.rollout.watch": minutes(0) },
    path: "services[store].rollout.watch",
    message:
      'The watch after a switch of service "store" is 0 seconds, but must be longer than 0 seconds: set how long the old version stays for a rollback.',
  },
  {
    rule: "blue-green",
    broken: "one Deployment for both versions",
    change: { "services.0.rollout.deployments.green": "shop-blue" },
    path: "services[store].rollout.deployments",
    message:
      'The green Deployment of service "store" is "shop-blue", but must be different from blue\'s: give the two versions different names.',
  },
  {
    rule: "preview-switched",
    broken: "a preview of a service that is not switched",
    change: { "edge.hosts.1.routes.0.service": "mailer" },
    path: "edge.hosts[next.{domain}].routes[/]",
    message:
      'The service behind the preview next.{domain}/ is "mailer", but must be one that is switched by its selector, "store": preview another service or change its rollout.',
  },
  {
    rule: "autoscalers-apart",
    broken: "two autoscalers on the same metric",
    change: { "services.0.scaling.triggers.2": { kind: "memory", utilization: percent(71) } },
    path: "services[store].scaling.vertical",
    message:
      'What the vertical autoscaler of service "store" changes is "memory", but must be a different metric from the horizontal autoscaler\'s: remove the trigger or keep the size fixed.',
  },
  {
    rule: "migration-database",
    broken: "a migration without a database",
    change: { "services.1.migration": copyOf("services.0.migration") },
    path: "services[mailer].migration",
    message:
      'The migration of service "mailer" is without a database, but must be on a database that the service uses, "orders": add the database to uses or remove the migration.',
  },
]);
