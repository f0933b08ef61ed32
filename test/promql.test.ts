/** What `lib/promql` takes and refuses, measured against Prometheus' own promtool where that is installed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { promtool, promtoolIsMissing } from "../components/observability/promtool";
import { readPromql } from "../lib/promql";

/** Without what only newer or only older versions of Prometheus take. */
const RIGHT = [
  "1",
  "-1 ^ 2 + Inf % 0x1F - NaN",
  '"text"',
  "up",
  "sum",
  "x{}",
  'x{a="b",c!=\'d\',e=~`f.*`,g!~"",}',
  '{__name__=~"a|b"}',
  '{a!=""}',
  'x{on="1",by="2",bool="3",offset="4"}',
  'x{a="say \\"{\\"",b="\\x41\\u00e9\\n\\101"}',
  'x{a=~"(?i)a[[:alpha:]]+(?P<n>b)"}',
  'x{a=~"\\\\\\\\1",b=~"\\\\Q(\\\\E",c=~"a{1000}\\\\d\\\\."}',
  "x[5m]",
  "x[1h30m]",
  "rate(x[5m] offset -1d)",
  "x offset 1w @ 1609746000",
  "x @ start() - x @ end()",
  "a - b offset 5m",
  "-x offset 5m",
  "max_over_time(rate(x[5m])[1h:1m])",
  "max_over_time(rate(x[5m])[1h:] offset 1d)",
  "sum(rate(x[5m])) by (a, b) > 0.5",
  "sum by () (x)",
  "SUM WITHOUT (a,) (x)",
  "topk(3, x) and bottomk by (a) (scalar(y), x)",
  "quantile(0.9, x)",
  'count_values("version", x)',
  "x > bool 1",
  "1 > bool 2",
  "x == y",
  "a * on (b) group_left (c) d",
  "a / ignoring (b) group_right d",
  "a and on () b",
  "a or vector(0) unless ignoring (x) c",
  "1 + on () 2",
  "a atan2 b",
  "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))",
  'label_replace(x, "to", "$1", "from", "(.*)")',
  'label_join(x, "to", "-")',
  'label_join(x, "to", "-", "a", "b", "c")',
  "round(x) + round(x, 5)",
  "hour() + hour(vector(time()))",
  "predict_linear(x[1h], 4 * 3600) < 0",
  "absent(x) or absent_over_time(x[5m])",
  'x # a comment with ) and " in it\n> 1',
  "(((x)))",
];

const WRONG = [
  "",
  "# nothing",
  '"',
  '"text',
  'label_replace(x, "a", "b", "c", "\\d")',
  "sum by service (rate(x[5m])) > 1",
  "rate(x[5]) > > 1",
  'x{a="b}',
  "x{a='b}",
  "x{a=`b}",
  "x{a='\\\"'}",
  'x{a="\\d"}',
  "x{a=b}",
  'x{="b"}',
  'x{a="b" c="d"}',
  'x{a=~"("}',
  'x{a=~"(?=b)"}',
  'x{a!~"*"}',
  "{}",
  '{a=""}',
  '{a=~".*"}',
  'x{__name__="y"}',
  "(x",
  "(x]",
  "x}",
  "x >",
  "x and",
  "> x",
  "x y",
  "x, y",
  "1.5.5",
  "x[5m",
  "x[foo]",
  "x[0s]",
  "x[0s:1m]",
  "x[5m:0s]",
  "constructor(x)",
  'x{a=~"a{1001}"}',
  'x{a=~"\\\\c"}',
  'x{a=~"(?P<b>c)\\\\k<b>"}',
  "x[]",
  "x[5m:1m",
  "x offset",
  "x offset 5m offset 5m",
  "x @ 1 @ 2",
  "sum(x) offset 5m",
  "(x) offset 5m",
  "sum(x)[5m]",
  "(x)[5m]",
  "x offset 5m[5m]",
  "1[5m:]",
  "x[5m][5m:]",
  "-x[5m]",
  '-"a"',
  "x[5m] > 1",
  "x + y[5m]",
  '"a" + x',
  "1 > 2",
  "time() == 1",
  "x + bool 1",
  "x and bool y",
  "x and 1",
  "1 or 2",
  "x > on (a) 1",
  "a and on (b) group_left d",
  "a * on (b) group_left (b) d",
  "a * group_left (b) d",
  "rate(x)",
  "rate(sum(x))",
  "abs(x[5m])",
  "abs(1)",
  "rate(x[5m], 1)",
  "rate()",
  "time(x)",
  "round(x, 1, 2)",
  'label_join(x, "to")',
  "label_replace(x, y, z)",
  "histogram_quantile(x, y)",
  "vector(x)",
  "scalar(1)",
  "ratee(x[5m])",
  "rate by (a) (x[5m])",
  "sum(x, y)",
  "sum()",
  "sum(1)",
  "sum(x[5m])",
  "topk(x)",
  "topk(x, y)",
  "topk(1, 2)",
  "count_values(1, x)",
  "sum(x) by a",
  "x > 1 by (a)",
];

it.each(RIGHT)("takes %s", (expression) => {
  expect(readPromql(expression).problems).toEqual([]);
});

it.each(WRONG)("refuses %j", (expression) => {
  expect(readPromql(expression).problems).not.toEqual([]);
});

/** The indices of the expressions that promtool refuses; it names every rule of a file that it cannot read. */
function refusedByPromtool(expressions: readonly string[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), "runstack-promtool-"));
  try {
    const rules = expressions.map((expr, index) => ({ record: `r${index}`, expr }));
    const file = join(folder, "rules.yaml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "corpus", rules }] }));
    const printed = promtool("check", "rules", file);
    return [...printed.matchAll(/rule (\d+), "r\d+"/g)].map(([, rule]) => Number(rule) - 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.skipIf(promtoolIsMissing)("agrees with promtool on every one of them", () => {
  const all = [...RIGHT, ...WRONG];
  const refused = new Set(refusedByPromtool(all));
  const others = all.filter(
    (expression, index) => refused.has(index) === (readPromql(expression).problems.length === 0),
  );
  expect(others).toEqual([]);
});
