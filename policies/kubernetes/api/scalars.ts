/** The JSON that Kubernetes accepts for a value that is no object, list or map. */
import type { Value } from "../../values";

const INT32 = 2 ** 31;
/** Beyond this a number of JavaScript is not exact; the API server takes all of 64 bits. */
const INT64 = 2 ** 63;
const DATE = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const TIME = new RegExp(
  String.raw`^${DATE}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.,]\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`,
);
const QUANTITY = /^[+-]?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong, and whether it is the type of the JSON or what the text says. */
export interface Wrong {
  readonly isType: boolean;
  readonly expected: string;
}

const type = (expected: string): Wrong => ({ isType: true, expected });
const content = (expected: string): Wrong => ({ isType: false, expected });

const isNumeric = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

function integer({ number, string }: Value, limit: number): Wrong | undefined {
  if (number === undefined) {
    return type(
      string !== undefined && isNumeric(string)
        ? "it must be a number: write it without quotes"
        : "it must be a whole number",
    );
  }
  if (!Number.isInteger(number)) return type("it must be a whole number");
  if (number >= limit || number < -limit) return type("it must be a smaller number");
  return undefined;
}

function text({ string, number, boolean }: Value): Wrong | undefined {
  if (string !== undefined) return undefined;
  return number === undefined && boolean === undefined
    ? type("it must be a string")
    : type("it must be a string: put it in quotes");
}

function boolean({ boolean: own, string }: Value): Wrong | undefined {
  if (own !== undefined) return undefined;
  return ["true", "false"].includes(string ?? "")
    ? type("it must be true or false: write it without quotes")
    : type("it must be true or false");
}

function quantity({ string, number }: Value): Wrong | undefined {
  if (string === undefined && number === undefined) {
    return type('it must be a quantity, such as 500m, 2 or "512Mi"');
  }
  if (string !== undefined && !QUANTITY.test(string.trim())) {
    return content(
      'it must be a quantity: a number and one of the units m, k, M, G, T, Ki, Mi, Gi, Ti, such as "512Mi"',
    );
  }
  return undefined;
}

function matching(value: Value, pattern: RegExp, expected: string): Wrong | undefined {
  const wrong = text(value);
  if (wrong !== undefined) return wrong;
  return pattern.test(value.string ?? "") ? undefined : content(expected);
}

const CHECKS: Readonly<Record<string, (value: Value) => Wrong | undefined>> = {
  string: text,
  boolean,
  int32: (value) => integer(value, INT32),
  int64: (value) => integer(value, INT64),
  number: ({ number }) => (number === undefined ? type("it must be a number") : undefined),
  double: ({ number }) => (number === undefined ? type("it must be a number") : undefined),
  "int-or-string": (value) =>
    value.string === undefined && integer(value, INT32) !== undefined
      ? type("it must be a whole number or a string")
      : undefined,
  quantity,
  byte: (value) => {
    const wrong = text(value);
    if (wrong !== undefined) return wrong;
    return BASE64.test((value.string ?? "").replace(/[\r\n]/g, ""))
      ? undefined
      : content("it must be base64; plain text belongs to stringData, if this is a Secret");
  },
  time: (value) => matching(value, TIME, "it must be a time, such as 2026-03-01T08:00:00Z"),
  "micro-time": (value) =>
    matching(value, TIME, "it must be a time, such as 2026-03-01T08:00:00.000000Z"),
};

/** What is wrong with a known value of a scalar type; nothing is wrong with one of another type. */
export function wrongScalar(value: Value, kind: string): Wrong | undefined {
  return Object.hasOwn(CHECKS, kind) ? CHECKS[kind]?.(value) : undefined;
}
