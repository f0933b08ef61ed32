import { describe, expect, it } from "vitest";
import { Redaction } from "./redaction";

describe("redaction", () => {
  it("masks configured secrets of at least three characters, longest first", () => {
    const { redact } = new Redaction(["abc", "abcdef", "no"]);
    expect(redact("abcdef abc no")).toBe("[secret] [secret] no");
  });

  it("masks a secret with special characters, also in JSON", () => {
    const secret = 'a"b\n$.*';
    const { redact } = new Redaction([secret]);
    expect(redact(`${secret} ${JSON.stringify(secret)}`)).toBe('[secret] "[secret]"');
  });

  it("masks values that the program marks as secret only if they are long enough", () => {
    const redaction = new Redaction([]);
    expect(redaction.redact("postgres correct-horse")).toBe("postgres correct-horse");
    redaction.add(["5432", "correct-horse"]);
    expect(redaction.redact("postgres:5432 correct-horse")).toBe("postgres:5432 [secret]");
  });
});
