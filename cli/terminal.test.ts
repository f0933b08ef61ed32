import { describe, expect, it } from "vitest";
import { Progress, Results, wantsColour, widthOf } from "./terminal";
import { Recorder } from "./testing";

describe("wantsColour", () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: "" }, true],
    [true, { NO_COLOR: "1" }, false],
    [true, { TERM: "dumb" }, false],
    [false, {}, false],
  ])("a terminal: %s, with %j: %s", (tty, environment, expected) => {
    expect(wantsColour(new Recorder(tty), environment)).toBe(expected);
  });
});

describe("widthOf", () => {
  it.each([
    [true, 72, 72],
    [true, 220, 100],
    [true, 10, 40],
    [false, 72, 100],
  ])("a terminal: %s, with %d columns: %d", (tty, columns, expected) => {
    expect(widthOf(new Recorder(tty, columns))).toBe(expected);
  });
});

describe("Results", () => {
  it("drops output that is no longer read", async () => {
    const stream = new Recorder(false);
    const results = new Results(stream);
    results.write("a");
    stream.fail("EPIPE");
    results.write("b");
    await results.flush();
    expect(stream.text).toBe("a");
  });

  it("does not hide other errors", () => {
    const stream = new Recorder(false);
    new Results(stream).write("a");
    expect(() => {
      stream.fail("ENOSPC");
    }).toThrow("ENOSPC");
  });
});

describe("Progress", () => {
  it("is one line a stack in a log", () => {
    const stream = new Recorder(false);
    const progress = new Progress(stream);
    progress.begin("prod");
    progress.registered("prod", 12);
    progress.end("prod");
    progress.clear();
    expect(stream.text).toBe("Planning prod\n");
  });

  it("is one line on a terminal, never wider, and cleared at the end", () => {
    const stream = new Recorder(true, 20);
    const progress = new Progress(stream);
    progress.begin("prod");
    progress.registered("prod", 12);
    progress.begin("staging");
    progress.end("prod");
    progress.end("staging");
    const clear = "\r\u001b[K";
    expect(stream.text).toBe(
      ["Planning prod 0", "Planning prod 12", "Planning prod 12, s", "Planning staging 0", ""].join(
        clear,
      ),
    );
  });
});
