import { describe, expect, it } from "vitest";
import { covers, isEverything } from "./documents";

describe("covers", () => {
  it.each([
    ["s3:*", "s3:GetObject", true],
    ["S3:getobject", "s3:GetObject", true],
    ["s3:Get*", "s3:GetObjectVersion", true],
    ["s3:Get?bject", "s3:GetObject", true],
    ["*", "s3:GetObject", true],
    ["s3:Get", "s3:GetObject", false],
    ["s3:Object", "s3:GetObject", false],
    ["s3.GetObject", "s3:GetObject", false],
    ["s3:GetObjec.", "s3:GetObject", false],
  ])("%s, %s: %s", (pattern, action, expected) => {
    expect(covers(pattern, action)).toBe(expected);
  });
});

describe("isEverything", () => {
  it.each([
    ["*", true],
    ["arn:aws:iam::*:role/*", true],
    ["arn:aws:iam::210987654321:*", true],
    ["arn:aws:s3:::*", true],
    ["arn:aws:s3:::*/*", true],
    ["arn:aws:s3:::boats/*", false],
    ["arn:aws:secretsmanager:eu-west-3:*:secret:*", true],
    ["arn:aws:secretsmanager:eu-west-3:*:secret:boats/*", false],
    ["arn:aws:iam::210987654321:role/boats-*", false],
    ["arn:aws:iam::210987654321:role/boats", false],
    ["", false],
    ["boats", false],
  ])("%s: %s", (resource, expected) => {
    expect(isEverything(resource)).toBe(expected);
  });
});
