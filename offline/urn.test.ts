import { describe, expect, it } from "vitest";
import { createUrn, nameOf, packageOf, parseReference, qualifiedType, typeOf } from "./urn";

const of = { stack: "dev", project: "shop" };
const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

describe("a URN", () => {
  it("contains the types of its parents, but not the stack's", () => {
    const box = createUrn(of, stack, "my:index:Box", "box");
    expect(box).toBe("urn:pulumi:dev::shop::my:index:Box::box");
    const inner = createUrn(of, box, "aws:s3/bucket:Bucket", "a::b");
    expect(inner).toBe("urn:pulumi:dev::shop::my:index:Box$aws:s3/bucket:Bucket::a::b");
    expect([qualifiedType(inner), typeOf(inner), nameOf(inner)]).toEqual([
      "my:index:Box$aws:s3/bucket:Bucket",
      "aws:s3/bucket:Bucket",
      "a::b",
    ]);
  });

  it("contains the package of a resource and of a provider", () => {
    expect([packageOf("aws:s3/bucket:Bucket"), packageOf("pulumi:providers:aws")]).toEqual([
      "aws",
      "aws",
    ]);
  });

  it("is a provider's, followed by its id, in a reference", () => {
    const urn = "urn:pulumi:dev::shop::pulumi:providers:aws::main";
    expect(parseReference(`${urn}::id-1`)).toEqual({ urn, id: "id-1" });
    expect(() => parseReference(`${stack}::id`)).toThrow(
      `could not parse provider reference: '${stack}::id' is not <provider urn>::<id>`,
    );
  });
});
