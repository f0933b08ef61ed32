/** For tests: a small system; parts that no policy reads come from a real one. */
import type { Alert, Element, Service, System, Topic } from "../../systems/model";
import { todoChatbot } from "../../systems/todo-chatbot";
import { days, minutes, percent, seconds } from "../../systems/units";

const clause = (heading: string): Element => ({ clause: { ids: ["PO-01"], heading } });
const [template] = todoChatbot.services;
if (template === undefined)
  throw new Error("The system that the fixture builds on has no service.");

const service = (name: string, min: number, max: number, rest: Partial<Service> = {}): Service => ({
  ...template,
  name,
  workload: `shop-${name}`,
  scaling: { ...template.scaling, replicas: { min, max } },
  ...rest,
});

const alert = (severity: Alert["severity"], rest: Pick<Alert, "for">): Alert => ({
  ...clause("Alerting / Errors"),
  name: "ErrorsHigh",
  condition: { kind: "errorRate", above: percent(3) },
  severity,
  summary: "Too many errors",
  action: "Roll back",
  ...rest,
});

const topic = (name: string, partitions: number): Topic => ({
  ...clause("Events / Topics"),
  name,
  partitions,
  retention: days(9),
  replication: 3,
  minInSync: 2,
  publishers: ["orders"],
  consumers: [],
});

export const shop: System = {
  ...todoChatbot,
  id: "shop",
  runbook: { title: "Shop Runbook" },
  services: [
    service("orders", 2, 7),
    service("cart", 3, 5, {
      rollout: {
        kind: "blueGreen",
        by: "selector",
        watch: minutes(13),
        deployments: { blue: "cart-blue", green: "cart-green" },
      },
    }),
  ],
  alerts: [alert("warning", { for: minutes(5) }), alert("critical", { for: seconds(90) })],
  eventBuses: todoChatbot.eventBuses.map((bus) => ({
    ...bus,
    topics: [topic("order-placed", 6), topic("order-paid", 4)],
  })),
};
