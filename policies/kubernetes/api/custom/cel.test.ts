import { describe, expect, it } from "vitest";
import { celValue, evaluate, isOnChange } from "./cel";

const SELF = {
  url: "https://example.com:8443/x",
  memory: "512Mi",
  ip: "10.1.2.3",
  range: "10.0.0.0/8",
  list: [1n, 2n, 5n],
  text: "a1b22",
};

const FORMATS = {
  type: "object",
  properties: {
    max: { type: "string", format: "duration" },
    at: { type: "string", format: "date-time" },
    day: { type: "string", format: "date" },
    data: { type: "string", format: "byte" },
    nothing: { type: "string", nullable: true },
    absent: { type: "string" },
    name: { type: "string" },
    hosts: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
  },
};
const RAW = {
  max: "1h",
  at: "2025-06-01T00:00:00Z",
  day: "2025-06-01",
  data: "YWI=",
  nothing: null,
  absent: null,
  name: "ab",
  hosts: ["a", "b"],
};

describe("evaluate", () => {
  it.each([
    ['url(self.url).getScheme() == "https" && url(self.url).getPort() == "8443"'],
    [
      'url(self.url).getHostname() == "example.com" && url(self.url).getHost() == "example.com:8443"',
    ],
    ['isURL("/only/path") && !isURL("::")'],
    [
      'quantity(self.memory).isGreaterThan(quantity("500Mi")) && isQuantity("1Gi") && !isQuantity("x")',
    ],
    ['quantity("1k").add(quantity("24")).asInteger() == 1024'],
    ['isIP(self.ip) && ip(self.ip).family() == 4 && !isIP("300.1.1.1")'],
    [
      "isCIDR(self.range) && cidr(self.range).containsIP(self.ip) && cidr(self.range).prefixLength() == 8",
    ],
    [
      "self.list.isSorted() && self.list.sum() == 8 && self.list.max() == 5 && self.list.min() == 1",
    ],
    ["self.list.indexOf(2) == 1 && self.list.indexOf(9) == -1"],
    ['self.text.find("[0-9]+") == "1" && self.text.findAll("[0-9]+") == ["1", "22"]'],
    ['self.text.replace("b", "c") == "a1c22"'],
    ['self.?absent.orValue("x") == "x" && !has(self.absent)'],
    ['self.text.matches("^[a-z0-9]+$") && self.text.lowerAscii().startsWith("a")'],
  ])("keeps %s", (rule) => {
    expect(evaluate({ rule }, SELF)).toEqual({ is: "kept" });
  });

  it("gives the message, the expression's text, or the rule", () => {
    const rule = 'self.text == ""';
    expect(evaluate({ rule, message: "no\n  text." }, SELF)).toEqual({
      is: "broken",
      message: "no text.",
    });
    expect(evaluate({ rule, messageExpression: '"it has " + self.text' }, SELF)).toEqual({
      is: "broken",
      message: "it has a1b22",
    });
    expect(evaluate({ rule, message: "no text", messageExpression: "self.absent" }, SELF)).toEqual({
      is: "broken",
      message: "no text",
    });
    expect(evaluate({ rule }, SELF)).toEqual({
      is: "broken",
      message: `it breaks the rule ${rule}`,
    });
  });

  it("refuses for a missing field only if the schema has it", () => {
    const schema = { type: "object", properties: { "a-b": { type: "string" } } };
    expect(evaluate({ rule: "self.a__dash__b == 'x'" }, {}, schema).is).toBe("broken");
    expect(evaluate({ rule: "self.labels == 'x'" }, {}, schema).is).toBe("undecided");
  });

  it.each([
    ["self.max > duration('30m') && self.max == duration('60m')"],
    [
      "self.at < timestamp('2026-01-01T00:00:00Z') && self.at == timestamp('2025-06-01T02:00:00+02:00')",
    ],
    ["self.day == timestamp('2025-06-01T00:00:00Z')"],
    ["self.data == b'ab'"],
    ["self.nothing == null && !has(self.absent)"],
    ["self.hosts.size() == 2 && self.hosts.exists(one, one == 'a')"],
    ["2 == self.hosts.size()"],
    ["self.name.matches('^[[:alpha:]]+$')"],
  ])("keeps %s on formats", (rule) => {
    expect(evaluate({ rule }, celValue(RAW, FORMATS), FORMATS)).toEqual({ is: "kept" });
  });

  it.each([
    ["self.hosts == ['b', 'a']"],
    ["['b', 'a'] == self.hosts"],
    ["(self.hosts + ['a']).size() == 2"],
  ])("leaves %s on a set undecided", (rule) => {
    expect(evaluate({ rule }, celValue(RAW, FORMATS), FORMATS).is).toBe("undecided");
  });

  it("says why a rule is undecided", () => {
    expect(evaluate({ rule: "self.text.unheardOf()" }, SELF)).toEqual({
      is: "undecided",
      reason: expect.stringMatching(
        /^the rule self\.text\.unheardOf\(\) cannot be evaluated here: found no matching overload/,
      ) as unknown,
    });
  });
});

describe("celValue", () => {
  it("tells whole numbers from others, and renames fields that the language cannot spell", () => {
    const schema = {
      type: "object",
      properties: {
        count: { type: "integer" },
        share: { type: "number" },
        namespace: { type: "string" },
        "max-size.x": { type: "integer" },
        map: { type: "object", additionalProperties: { type: "integer" } },
      },
    };
    const raw = {
      count: 3,
      share: 3,
      namespace: "a",
      "max-size.x": 1,
      map: { "a-b": 2 },
      other: 1,
    };
    expect(celValue(raw, schema)).toEqual({
      count: 3n,
      share: 3,
      __namespace__: "a",
      max__dash__size__dot__x: 1n,
      map: { "a-b": 2n },
    });
  });
});

it("knows rules on changes", () => {
  expect(isOnChange({ rule: "self >= oldSelf" })).toBe(true);
  expect(isOnChange({ rule: "self.oldSelfie" })).toBe(false);
});
