import { describe, expect, it } from "vitest";
import { aeneas } from "../systems/aeneas";
import { todoChatbot } from "../systems/todo-chatbot";
import { buildable, consistent } from "./offers";
import type { Values } from "./schema";
import { mistakes, sentence } from "./testing";

const NODE = "a droplet size of at least 2 processors and 4 GB, such as s-4vcpu-8gb";
const OFFERED = "one that is on offer (doctl databases options versions --engine kafka)";

describe("a size", () => {
  it.each([
    ["systemNodeSize", "banana", NODE],
    ["nodeSize", "s-1vcpu-1gb", NODE],
    ["nodeSize", "s-2vcpu-2gb", NODE],
    ["kafkaSize", "db-s-1vcpu-1gb", "db-s-2vcpu-2gb or larger, the least for a broker"],
    ["redisSize", "db-s-1vcpu-1gb", "db-s-1vcpu-2gb or larger, the least with a standby"],
  ])("%s of %s is refused", (key, value, allowed) => {
    expect(mistakes({ [key]: value })).toBe(sentence(key, `is "${value}"`, allowed));
  });

  it("of a cache without a standby may be the smallest", () => {
    expect(mistakes({ environment: "staging", redisSize: "db-s-1vcpu-1gb" })).toBe("");
  });

  it.each(["s-4vcpu-8gb-amd", "g-2vcpu-8gb", "so1_5-2vcpu-16gb"])("%s fits a node", (nodeSize) => {
    expect(mistakes({ nodeSize })).toBe("");
  });
});

describe("a version of Kafka", () => {
  it.each(["3.8", "3.6", "2.9"])("%s is refused, because it is retired", (kafkaVersion) => {
    expect(mistakes({ kafkaVersion })).toBe(
      sentence(
        "kafkaVersion",
        `is "${kafkaVersion}"`,
        `newer than 3.8, which is retired, and ${OFFERED}`,
      ),
    );
  });

  it("must be given where the system has a managed one", () => {
    expect(mistakes({ kafkaVersion: undefined })).toBe(
      sentence("kafkaVersion", "is not set", OFFERED),
    );
  });
});

describe("a system", () => {
  const values = {} as Values;

  it("that needs what is not built yet is refused with each such need", () => {
    expect(buildable(values, aeneas).map(({ allowed }) => allowed)).toContain(
      'one that can be built: its qdrant is "qdrant", which is not built yet',
    );
    expect(buildable(values, todoChatbot)).toEqual([]);
  });

  it("that contradicts itself is refused with the contradiction", () => {
    const [first] = todoChatbot.services;
    const twice = {
      ...todoChatbot,
      services: first === undefined ? [] : [first, ...todoChatbot.services],
    };
    const [problem] = consistent(values, twice);
    expect(problem?.key).toBe("system");
    expect(problem?.allowed).toMatch(/^one without contradictions \(.*backend.*\)$/);
    expect(consistent(values, todoChatbot)).toEqual([]);
  });
});
