import { describe, expect, it } from "vitest";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

const stackOutputs = `the outputs of ${urnOf("pulumi:pulumi:Stack", "fixture-dev")}`;

describe("a program that fails", () => {
  it("shows an exception with the program's own trace", async () => {
    const preview = await previewFixture("throws.ts");
    const [error = "", ...others] = errorsOf(preview);
    expect(others).toEqual([]);
    expect(error).toContain("failed with an unhandled exception");
    expect(error).toContain("Error: the fuse burnt down");
    expect(error).toMatch(/at explode \(.*index\.ts:10:9\)/u);
    expect(preview.failed).toBe(true);
    expect(resourceNamed(preview, "before").custom).toBe(true);
  });

  it("shows every unhandled rejection", async () => {
    const preview = await previewFixture("rejects.ts");
    const text = errorsOf(preview).join("\n");
    expect(text).toContain("Error: nobody waits for this");
    expect(text).toContain("Error: this output cannot be had");
    expect(preview.failed).toBe(true);
  });

  it("names an asset whose file does not exist, as the engine does", async () => {
    const preview = await previewFixture("asset.ts");
    const text = errorsOf(preview).join("\n");
    expect(text).toContain(
      "test:index:Thing 'lost' has an asset \"files/nothing.txt\", which does not exist in",
    );
    expect(text).not.toContain("note.txt");
    expect(resourceNamed(preview, "there").custom).toBe(true);
    expect(preview.failed).toBe(true);
  });

  it("shows where a syntax error is", async () => {
    const preview = await previewFixture("broken.js");
    const [error = ""] = errorsOf(preview);
    expect(error).toContain("index.js:1");
    expect(preview.failed).toBe(true);
  });

  it("is distinguished from a finished one if it exits early", async () => {
    const preview = await previewFixture("exits.ts");
    expect(errorsOf(preview)).toEqual([
      "The program ended itself (process.exit) before it had registered all of its resources. " +
        `It did not wait for: ${stackOutputs}.`,
    ]);
  });

  it("reports a non-zero exit code", async () => {
    expect(errorsOf(await previewFixture("exits-badly.ts"))).toEqual([
      "Program exited with non-zero exit code: 7",
    ]);
  });

  it("does not count as one that has reported its errors by its exit code alone", async () => {
    const preview = await previewFixture("exits-as-logged.js");
    expect(errorsOf(preview)).toEqual([
      "The program exited with code 32, which means that the runner has logged an error, but no " +
        "error was received. It called process.exit itself, or could not connect to 127.0.0.1.",
    ]);
    expect(preview.failed).toBe(true);
  });

  it("is stopped after the deadline, with a list of what it was waiting for", async () => {
    const preview = await previewFixture("hangs.ts", { deadlineMs: 4000 });
    expect(errorsOf(preview)).toEqual([
      `The program did not end within 4 seconds and was stopped. It was waiting for: ${stackOutputs}.`,
    ]);
  });

  it("reports every resource with a duplicate name", async () => {
    const preview = await previewFixture("collisions.ts");
    expect(errorsOf(preview)).toEqual(
      ["other", "twin"].map(
        (name) =>
          `Duplicate resource URN '${urnOf("test:index:Thing", name)}'; try giving it a unique name`,
      ),
    );
    expect(preview.failed).toBe(true);
  });
});

describe("a program's output", () => {
  it("becomes diagnostics with URNs, and never our own output", async () => {
    const preview = await previewFixture("logs.ts");
    const urn = urnOf("test:index:Thing", "base");
    expect(preview.diagnostics).toEqual([
      { severity: "error", message: "a failure", urn },
      { severity: "warning", message: "in general", urn: "" },
      { severity: "info", message: "The program printed to standard error:\nthree", urn: "" },
      { severity: "info", message: "The program printed:\none\ntwo", urn: "" },
      { severity: "info", message: "about the resource", urn },
    ]);
    expect(preview.failed).toBe(true);
  });
});
