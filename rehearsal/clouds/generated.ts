/** What the `random` provider generates: from the URN and the inputs, so that a rehearsal can be repeated. */
import { createHash } from "node:crypto";
import type { Created } from "../../offline/update";
import { secretOf } from "../../offline/properties";
import type { Wire, WireObject } from "../../offline/wire";

interface Given {
  readonly urn: string;
  readonly type: string;
  readonly inputs: WireObject;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const NUMERIC = "0123456789";
/** What the provider uses unless `overrideSpecial` says otherwise (terraform-provider-random, password). */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** @returns nothing for a type that generates nothing */
export function generated(given: Given): Created | undefined {
  switch (given.type) {
    case "random:index/randomPassword:RandomPassword":
    case "random:index/randomString:RandomString":
      return password(given);
    case "random:index/randomId:RandomId":
      return identifier(given);
    default:
      return undefined;
  }
}

function password({ urn, inputs, type }: Given): Created {
  const special =
    typeof inputs["overrideSpecial"] === "string" ? inputs["overrideSpecial"] : SPECIAL;
  const sets = [
    { characters: LOWER, on: inputs["lower"], least: inputs["minLower"] },
    { characters: UPPER, on: inputs["upper"], least: inputs["minUpper"] },
    { characters: NUMERIC, on: inputs["numeric"], least: inputs["minNumeric"] },
    { characters: special, on: inputs["special"], least: inputs["minSpecial"] },
  ].filter(({ on }) => on !== false);
  const length = numberOf(inputs["length"]) ?? 16;
  const bytes = bytesOf(urn, inputs, length);
  const wanted = sets.flatMap(({ characters, least }) =>
    Array.from({ length: numberOf(least) ?? 0 }, () => characters),
  );
  const any = sets.map(({ characters }) => characters).join("");
  const result = Array.from(bytes, (byte, index) => pick(wanted[index] ?? any, byte)).join("");
  const secret = type.endsWith("RandomPassword");
  return {
    id: secret ? "none" : result,
    outputs: { ...inputs, result: secret ? secretOf(result) : result },
  };
}

function identifier({ urn, inputs }: Given): Created {
  const bytes = bytesOf(urn, inputs, numberOf(inputs["byteLength"]) ?? 8);
  const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
  const b64Url = bytes.toString("base64url");
  const hex = bytes.toString("hex");
  const dec = BigInt(`0x${hex}`).toString();
  return {
    id: b64Url,
    outputs: {
      ...inputs,
      hex: `${prefix}${hex}`,
      dec: `${prefix}${dec}`,
      b64Std: `${prefix}${bytes.toString("base64")}`,
      b64Url: `${prefix}${b64Url}`,
    },
  };
}

/** Other ones for other inputs, such as keepers. */
function bytesOf(urn: string, inputs: WireObject, length: number): Buffer {
  const seed = JSON.stringify([urn, inputs]);
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash("sha256")
      .update(`${seed} ${String(index)}`)
      .digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

const pick = (characters: string, byte: number): string =>
  characters[byte % characters.length] ?? "";

const numberOf = (value: Wire | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;
