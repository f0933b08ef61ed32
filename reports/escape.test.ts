import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, fileNamePart, html, jsonText, markdown, visible, visibleLines } from "./escape";
import { HOSTILE } from "./fixtures/plan";

const anyText = fc.string({ unit: "binary" });

describe("visible", () => {
  it("shows line breaks, colours and direction marks as escapes", () => {
    expect(visible("a\nb\t\u001b[31m\u009b\u202e\ud800é日本")).toBe(
      "a\\nb\\t\\u{1b}[31m\\u{9b}\\u{202e}\\u{d800}é日本",
    );
  });

  it("leaves no character that controls a terminal", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("visibleLines", () => {
  it("keeps the line breaks of a message and drops the last ones", () => {
    expect(visibleLines("one \r\ntwo\u001b\rthree\n\n")).toEqual(["one", "two\\u{1b}", "three"]);
  });
});

describe("markdown", () => {
  it("leaves ordinary words readable", () => {
    expect(markdown("PO-01: has 1 replica (of 2), 99.9%")).toBe(
      "PO-01: has 1 replica (of 2), 99.9%",
    );
  });

  it("turns every Markdown and HTML character into an entity", () => {
    expect(markdown("a|b <b> [x](http://y) `c` *d* _e_ \\ ~f~ $g$ !h &amp;")).toBe(
      "a&#124;b &#60;b&#62; &#91;x&#93;(http&#58;//y) &#96;c&#96; &#42;d&#42; &#95;e&#95; &#92; " +
        "&#126;f&#126; &#36;g&#36; &#33;h &#38;amp;",
    );
  });

  it("starts no list, heading, mention or reference", () => {
    expect(markdown("- a")).toBe("&#45; a");
    expect(markdown("1. a")).toBe("1&#46; a");
    expect(markdown("# a @team")).toBe("&#35;&#8203; a &#64;&#8203;team");
    expect(markdown("www.example.com")).toBe("www&#46;example.com");
  });

  it("keeps any text on one line without special characters", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(markdown(text).replace(/&#\d+;/g, "")).not.toMatch(/[\n\r<>`*_[\]\\|~!$@#&]/);
      }),
    );
  });

  it("sets names as code", () => {
    expect(code("a`b")).toBe("<code>a&#96;b</code>");
  });
});

describe("html", () => {
  it("prevents tags", () => {
    expect(html('</pre><b a="1">&')).toBe("&lt;/pre&gt;&lt;b a=&quot;1&quot;&gt;&amp;");
  });
});

describe("fileNamePart", () => {
  it.each([
    ["todo-chatbot", "todo-chatbot"],
    ["../../etc/passwd", "etc-passwd"],
    ["..", "unnamed"],
    ["", "unnamed"],
    ["Über\u0000/C:\\x", "ber-c-x"],
    ["a".repeat(70), "a".repeat(60)],
  ])("%j becomes %j", (text, expected) => {
    expect(fileNamePart(text)).toBe(expected);
  });

  it("stays inside its folder for any input", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fileNamePart(text)).toMatch(/^[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?$/);
      }),
    );
  });
});

describe("jsonText", () => {
  it("reads back the same, without characters that control a terminal", () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const text = jsonText(value);
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("escapes characters that JSON does not", () => {
    expect(jsonText({ name: HOSTILE.slice(-40, -22) })).not.toContain("\u202e");
    expect(jsonText({ a: "\u202e\u009b" })).toBe('{\n  "a": "\\u202e\\u009b"\n}\n');
  });
});
