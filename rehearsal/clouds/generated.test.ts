import { expect, it } from "vitest";
import { secretOf } from "../../offline/properties";
import { generated } from "./generated";

const urn = "urn:pulumi:dev::runstack::random::bikes";
const password = (inputs: Record<string, number | boolean | string>): string => {
  const type = "random:index/randomPassword:RandomPassword";
  const result = generated({ urn, type, inputs })?.outputs["result"];
  const { value } = result as { readonly value: string };
  expect(result).toEqual(secretOf(value));
  return value;
};

it("is as long as asked, of the characters that are asked for, and the same each time", () => {
  const plain = password({ length: 40, special: false });
  expect(plain).toMatch(/^[a-zA-Z0-9]{40}$/u);
  expect(password({ length: 40, special: false })).toBe(plain);
  expect(password({ length: 41, special: false })).not.toContain(plain);
  expect(password({ length: 12, lower: false, upper: false, special: false })).toMatch(/^\d{12}$/u);
  expect(password({ length: 9, minSpecial: 2, overrideSpecial: "~" })).toMatch(/^~~/u);
});

it("writes the bytes of an id in each form", () => {
  const type = "random:index/randomId:RandomId";
  const inputs = { byteLength: 4, prefix: "b-" };
  const { id, outputs } = generated({ urn, type, inputs }) ?? { id: "", outputs: {} };
  const bytes = Buffer.from(id, "base64url");
  expect(bytes).toHaveLength(4);
  expect(outputs).toEqual({
    ...inputs,
    hex: `b-${bytes.toString("hex")}`,
    dec: `b-${String(bytes.readUInt32BE())}`,
    b64Std: `b-${bytes.toString("base64")}`,
    b64Url: `b-${id}`,
  });
  expect(generated({ urn, type: "aws:s3/bucket:Bucket", inputs })).toBeUndefined();
});
