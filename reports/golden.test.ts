import { describe, expect, it } from "vitest";
import { known, planOf, RESOURCES } from "./fixtures/plan";
import { renderGolden } from "./golden";

describe("renderGolden", () => {
  it("shows each resource with its parent, its dependencies and its inputs", () => {
    expect(renderGolden(planOf({ resources: [known.kafka, known.secret] }))).toBe(
      `digitalocean:index/databaseCluster:DatabaseCluster todo-chatbot-pubsub
  in Kafka todo-chatbot-pubsub
  protected
  needs Vpc todo-chatbot
    engine: kafka
    nodeCount: 3
    size: db-s-2vcpu-2gb
    version: "3.8"

kubernetes:core/v1:Secret todo-chatbot-secrets
  in Environment todo-chatbot
  needs Namespace todo-chatbot
    apiVersion: v1
    kind: Secret
    metadata:
      name: todo-chatbot-secrets
      namespace: todo-chatbot
    stringData:
      BETTER_AUTH_SECRET:
        $unknown: true
      DATABASE_URL:
        $secret: true
    type: Opaque
`,
    );
  });

  it("leaves providers out and does not depend on the order of keys", () => {
    const turned = RESOURCES.map((resource) => ({
      ...resource,
      inputs: Object.fromEntries(Object.entries(resource.inputs).reverse()),
    }));
    expect(renderGolden(planOf({ resources: turned }))).toBe(renderGolden(planOf()));
    expect(renderGolden(planOf())).not.toContain("pulumi:providers");
  });
});
