import { describe, expect, it } from "vitest";
import type { PlannedResource } from "../../offline/plan";
import { renderRehearsalHtml } from "./html";
import { timelineOf, type Report } from "./report";
import { renderRehearsal } from "./text";

const urn = (name: string): string => `urn:pulumi:prod::runstack::test:index:Thing::${name}`;

function planned(name: string, change: Partial<PlannedResource> = {}): PlannedResource {
  return {
    ...{ urn: urn(name), type: "test:index:Thing", name, parent: null, provider: null },
    ...{ custom: true, protect: false, dependencies: [], inputs: {} },
    ...change,
  };
}

const done = (name: string, begun: number, ended: number) => ({
  ...{ urn: urn(name), op: "create", begun, ended, failed: false },
});

describe("timelineOf", () => {
  const bars = timelineOf(
    [
      done("stack", 100, 160),
      done("network", 101, 110),
      done("key", 101, 104),
      done("pod", 112, 150),
    ],
    [
      planned("stack", { custom: false }),
      planned("network"),
      planned("key"),
      planned("pod", { dependencies: [urn("network"), urn("key")] }),
    ],
  );

  it("marks what the last one waited for the longest, without components", () => {
    expect(bars.filter(({ critical }) => critical).map((bar) => bar.urn)).toEqual([
      urn("network"),
      urn("pod"),
    ]);
  });

  it("counts from the first operation", () => {
    expect(bars.map(({ from, to }) => [from, to])).toEqual([
      [0, 60],
      [1, 10],
      [1, 4],
      [12, 50],
    ]);
  });
});

const REPORT: Report = {
  ...{ stack: "prod", system: "shop", cloud: "aws", region: "eu-west-3" },
  ran: { pulumi: "v3.1.4" },
  standIns: ["keda 2.7.1"],
  objectives: [],
  scenarios: [
    {
      ...{ name: "create", summary: "from nothing", faults: ["the Pod <b> is not ready"] },
      seconds: 61.25,
      steps: [
        {
          ...{ title: "up", commands: 'pulumi up --stack "$STACK"\n', seconds: 60, code: 255 },
          ...{ output: "error: <script>", counts: { create: 7 } },
          timeline: [
            { urn: urn("pod"), op: "create", from: 3, to: 12, failed: false, critical: true },
          ],
        },
      ],
    },
    { name: "noop", summary: "again", unfit: "create failed", faults: [], seconds: 0, steps: [] },
  ],
};

describe("the report", () => {
  it("is a text of a hundred columns that says what failed and what was not played", () => {
    const text = renderRehearsal(REPORT, { colour: false, width: 100 });
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
    for (const part of [
      "prod: shop on aws, eu-west-3",
      "failed  create                61.3 s",
      "        - the Pod <b> is not ready",
      "3–12 s      Thing pod",
      "not played  noop: create failed",
      "prod: 0 passed, 1 failed, 1 not played",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("is a page that runs nothing, whatever the commands printed", () => {
    const page = renderRehearsalHtml([REPORT]);
    expect(page).toContain("error: &lt;script&gt;");
    expect(page).toContain("the Pod &lt;b&gt; is not ready");
    expect(page).not.toMatch(/<script|https?:/u);
  });
});
