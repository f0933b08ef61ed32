import { describe, expect, it } from "vitest";
import { mib } from "../../systems/units";
import { refusal } from "../kit/testing";
import { checkOllama, type OllamaArguments } from "./ollama-arguments";
import { ollamaArguments } from "./testing";

const args = ollamaArguments;

describe("an Ollama that cannot be", () => {
  it.each<[Partial<OllamaArguments>, string]>([
    [
      { objectName: "an_advisor" },
      'objectName is "an_advisor", but must be 1 to 48 lower-case letters, digits and hyphens, beginning with a letter. The names of its pod and jobs are made from it.',
    ],
    [
      { replicas: 2 },
      "replicas is 2, but must be 1. A second pod could not attach the volume: give the one more, or a graphics card.",
    ],
    [
      { models: ["llama3.2"] },
      'models is "llama3.2", but must be a model\'s name with its tag, such as llama3.2:3b. Without a tag it would be whichever is the latest.',
    ],
    [
      { models: ["a:1; reboot"] },
      'models is "a:1; reboot", but must be a model\'s name with its tag, such as llama3.2:3b. Without a tag it would be whichever is the latest.',
    ],
    [
      { models: ["a:1", "a:1"] },
      "models is a:1, a:1, but must be named once each. Remove the one that is named twice.",
    ],
    [
      { storage: mib(900) },
      "storage is 943718400 bytes, but must be 1 GiB or more. Volumes grow by configuration, and never shrink.",
    ],
    [
      { gpu: { count: 0, nodes: {} } },
      "gpu.count is 0, but must be 1 or more. Leave gpu out to compute on processors.",
    ],
    [
      { gpu: { count: 1, resource: "amd.com/gpu", nodes: {} } },
      'gpu.resource is "amd.com/gpu", but must be one of NVIDIA\'s, such as nvidia.com/gpu. Cards of others need another image.',
    ],
    [{ deadline: 1.5 }, "deadline is 1.5, but must be 60 seconds or more. Models are gigabytes."],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkOllama("model", { ...args, ...changes });
      }),
    ).toBe(`Ollama model: ${expected}`);
  });

  it.each<[Partial<OllamaArguments>]>([
    [{ models: [] }],
    [{ models: ["nomic-embed-text:v1.5", "library/llama3.2:3b"] }],
    [{ replicas: 1, deadline: 60 }],
  ])("but not %j", (changes) => {
    expect(
      refusal(() => {
        checkOllama("model", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
