import { describe, expect, it } from "vitest";
import { mib } from "../../systems/units";
import { refusal } from "../kit/testing";
import { checkOllama, type OllamaArguments } from "./ollama-arguments";
import { ollamaArguments } from "./testing";

const args = ollamaArguments;

describe("invalid Ollama arguments", () => {
  it.each<[Partial<OllamaArguments>, string]>([
    [
      { objectName: "an_advisor" },
      'objectName is "an_advisor", but must be 1 to 48 lower-case letters, digits and hyphens, beginning with a letter. The names of its pod and jobs are made from it.',
    ],
    [
      { replicas: 2 },
      "replicas is 2, but must be 1. A second pod could not attach the volume: use larger nodes instead.",
    ],
    [
      { models: ["llama3.2"] },
      'models is "llama3.2", but must be a model\'s name with its tag, such as llama3.2:3b. Without a tag, Ollama pulls the latest version.',
    ],
    [
      { models: ["a:1; reboot"] },
      'models is "a:1; reboot", but must be a model\'s name with its tag, such as llama3.2:3b. Without a tag, Ollama pulls the latest version.',
    ],
    [
      { models: ["a:1", "a:1"] },
      "models is a:1, a:1, but must be without duplicates. Remove the duplicate.",
    ],
    [
      { storage: mib(900) },
      "storage is 943718400 bytes, but must be 1 GiB or more. A volume can be enlarged, but not shrunk.",
    ],
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
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkOllama("model", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
