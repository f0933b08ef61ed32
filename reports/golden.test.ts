import { describe, expect, it } from "vitest";
import { known, planOf, RESOURCES, stackResource } from "./fixtures/plan";
import { renderIndex, renderIndexChanges } from "./golden";

describe("the index of a plan", () => {
  it("has a line for each resource, with its parent and protection", () => {
    expect(renderIndex(planOf({ resources: [stackResource, known.vpc, known.kafka] }))).toBe(
      `digitalocean:index/databaseCluster:DatabaseCluster todo-chatbot-pubsub  in ${known.kafka.parent ?? ""}  protected
digitalocean:index/vpc:Vpc todo-chatbot  in ${known.vpc.parent ?? ""}
pulumi:pulumi:Stack runstack-prod
`,
    );
  });

  it("names a parent by its name, and leaves providers out", () => {
    const lines = renderIndex(planOf()).trimEnd().split("\n");
    expect(lines).toContain("digitalocean:index/vpc:Vpc todo-chatbot  in todo-chatbot");
    expect(lines).toHaveLength(RESOURCES.length - 1);
    expect(lines.join("\n")).not.toContain("pulumi:providers");
  });

  it("of another environment shows added and removed resources and protection", () => {
    const released = RESOURCES.filter(({ urn }) => urn !== known.topic.urn).map((one) =>
      one.urn === known.kafka.urn ? { ...one, protect: false } : one,
    );
    expect(renderIndexChanges(planOf(), planOf({ resources: released }))).toBe(
      `- digitalocean:index/databaseCluster:DatabaseCluster todo-chatbot-pubsub  in todo-chatbot-pubsub  protected
- digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic todo-chatbot-task-events  in todo-chatbot-pubsub
+ digitalocean:index/databaseCluster:DatabaseCluster todo-chatbot-pubsub  in todo-chatbot-pubsub
`,
    );
    expect(renderIndexChanges(planOf(), planOf())).toBe("");
  });
});
