import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import { main } from "./findings";
import { runMain } from "./testing";

const run = (...argv: readonly string[]) => runMain(main, argv, { cwd: __dirname });

describe("findings", () => {
  it("prints every finding of every system, within 100 columns, with the counts at the end", async () => {
    const { code, out, err } = await run();
    expect([code, err]).toEqual([0, ""]);
    const ids = Object.values(SYSTEMS).flatMap(({ findings }) => findings.map(({ id }) => id));
    const shown = out.split("\n").flatMap((line) => /^ {2}([A-Z0-9]+-F\d+) /.exec(line)?.[1] ?? []);
    expect(shown).toEqual(ids);
    expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
    const counts = Object.values(SYSTEMS).map(({ id, findings }) => {
      const open = findings.filter((finding) => finding.open !== undefined).length;
      return `${id}: ${findings.length} findings, ${open} of them open`;
    });
    expect(out.trimEnd().split("\n").slice(-counts.length)).toEqual(counts);
  });

  it("prints one system as JSON", async () => {
    const { code, out } = await run("aia", "--json");
    const [only, ...others] = JSON.parse(out) as { system: string; findings: { id: string }[] }[];
    expect([code, only?.system, others]).toEqual([0, "aia", []]);
    expect(only?.findings.map(({ id }) => id)).toEqual(SYSTEMS.aia.findings.map(({ id }) => id));
  });

  it.each([
    ["aeneass", 'There is no system "aeneass". Did you mean aeneas?\n'],
    [
      "payroll",
      'There is no system "payroll". The systems are: todo-chatbot, ai-wealth, aeneas, phase-5, aia.\n',
    ],
  ])("refuses the unknown system %s", async (id, sentence) => {
    expect(await run(id)).toEqual({ code: 2, out: "", err: sentence });
  });
});
