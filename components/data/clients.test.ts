import { describe, expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { aiWealth } from "../../systems/ai-wealth";
import { named } from "../../systems/find";
import { phase5 } from "../../systems/phase-5";
import { todoChatbot } from "../../systems/todo-chatbot";
import { clientsOf, dataOf } from "./clients";

const labels = (peers: ReturnType<typeof clientsOf>) =>
  peers.map(({ podSelector, namespaceSelector }) =>
    Object.entries(
      ((podSelector ?? namespaceSelector) as { matchLabels: Record<string, string> }).matchLabels,
    )
      .filter(([key]) => key !== "app.kubernetes.io/part-of" && !key.endsWith("managed-by"))
      .map(([, value]) => value)
      .join(" "),
  );

describe("the data of a service", () => {
  it("includes what it uses itself", () => {
    expect(dataOf(named(aeneas.services, "aeneas-worker"), aeneas)).toEqual([
      "postgresql",
      "redis",
      "kafka",
      "qdrant",
    ]);
  });

  it("includes what its sidecar uses", () => {
    const of = (name: string) => dataOf(named(todoChatbot.services, name), todoChatbot);
    expect(of("websocket")).toContain("pubsub");
    expect(of("frontend")).toEqual([]);
  });
});

describe("the clients of a data service", () => {
  it("are exactly the pods that connect to it", () => {
    expect(labels(clientsOf("redis", aeneas))).toEqual(["aeneas-api", "aeneas-worker"]);
    expect(labels(clientsOf("ai-wealth-kafka", aiWealth))).toEqual([
      "backend",
      "keda-operator",
      "kafka-exporter",
    ]);
  });

  it("include the backup jobs, for a database", () => {
    expect(labels(clientsOf("postgres", phase5))).toEqual([
      "backend",
      "database-backup",
      "database-backup-restore",
    ]);
  });
});
