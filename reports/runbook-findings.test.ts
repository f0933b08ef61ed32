import { expect, it } from "vitest";
import { clause } from "../systems/clause";
import { SYSTEMS } from "../systems";
import type { Realisation, System } from "../systems/model";
import {
  realisationText,
  renderRunbookFindings,
  renderRunbookFindingsJson,
} from "./runbook-findings";

const SYSTEM: System = {
  ...SYSTEMS.aia,
  id: "shop",
  title: "Shop",
  findings: [
    {
      ...clause("Operations / Restart", "SH-01"),
      id: "SH-F1",
      found: "The command names no namespace.",
      instead: "The namespace is fixed.",
      realised: [{ resource: "Namespace", name: "platform-*" }, { setting: "scaling" }],
    },
    {
      ...clause("Operations / Logs"),
      id: "SH-F2",
      found: "The log store is gone.",
      instead: "kubectl logs.",
      open: "a log store",
    },
  ],
};

it("shows what there is, by what, and what is open", () => {
  expect(renderRunbookFindings([SYSTEM], { width: 60 })).toBe(`Shop (shop)

  SH-F1   Operations / Restart
          found    The command names no namespace.
          instead  The namespace is fixed.
          by       Namespace platform-*, runstack:scaling

  SH-F2   Operations / Logs
          found    The log store is gone.
          instead  kubectl logs.
          open     a log store

shop: 2 findings, 1 of them open
`);
});

it("writes the same as JSON, with every key", () => {
  expect(JSON.parse(renderRunbookFindingsJson([SYSTEM]))).toEqual([
    {
      system: "shop",
      title: "Shop",
      findings: [
        {
          id: "SH-F1",
          heading: "Operations / Restart",
          requirements: ["SH-01"],
          found: "The command names no namespace.",
          instead: "The namespace is fixed.",
          realised: [{ resource: "Namespace", name: "platform-*" }, { setting: "scaling" }],
          open: null,
        },
        {
          id: "SH-F2",
          heading: "Operations / Logs",
          requirements: [],
          found: "The log store is gone.",
          instead: "kubectl logs.",
          realised: [],
          open: "a log store",
        },
      ],
      open: 1,
    },
  ]);
});

it.each<[Realisation, string]>([
  [{ absent: "Redis" }, "no Redis"],
  [{ alert: "HighMemory" }, "alert HighMemory"],
  [{ policy: "image-pinned" }, "policy image-pinned"],
  [{ document: "docs/a.md#b" }, "docs/a.md#b"],
  [{ value: "edge.domain" }, "value edge.domain"],
])("names %j as %s", (one, expected) => {
  expect(realisationText(one)).toBe(expected);
});
