/** Todo Chatbot (Phase V) on DigitalOcean Kubernetes. */
import { clause } from "./clause";
import type { System } from "./model";
import * as data from "./todo-chatbot/data";
import { findings } from "./todo-chatbot/findings";
import { alerts, dashboards, observability, slos } from "./todo-chatbot/objectives";
import { edge, incidents, maintenance, validations } from "./todo-chatbot/operations";
import { requirements } from "./todo-chatbot/requirements";
import { services } from "./todo-chatbot/services";

const title = clause("Operational Runbook - Todo Chatbot (Phase V)", "TC-01", "ALL-01", "ALL-02");

export const todoChatbot: System = {
  ...title,
  id: "todo-chatbot",
  title: "Todo Chatbot",
  runbook: { title: "Operational Runbook - Todo Chatbot (Phase V)" },
  requirements,
  home: {
    ...title,
    cloud: "digitalocean",
    region: "nyc3",
    ours: { region: "The runbook does not name one: nyc3 offers every service used here." },
  },
  cluster: {
    ...title,
    name: "todo-chatbot",
    pools: [
      {
        ...title,
        name: "default",
        nodes: { min: 3, max: 6 },
        ours: {
          name: "The runbook does not name one.",
          nodes: "With three nodes, two replicas stay on separate nodes during a node upgrade.",
        },
      },
    ],
    ours: { name: "The runbook does not name one: named after the system." },
  },
  namespaces: { ...clause("Health Checks / Check All Pods Status", "TC-01"), prod: "todo-chatbot" },
  services,
  databases: data.databases,
  caches: data.caches,
  eventBuses: data.eventBuses,
  appliances: [],
  edge,
  secrets: data.secrets,
  slos,
  alerts,
  dashboards,
  backups: data.backups,
  recovery: data.recovery,
  maintenance,
  incidents,
  validations,
  observability,
  findings,
};
