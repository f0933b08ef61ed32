import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { scramVerifier } from "./scram";

/** The exchange of RFC 7677, section 3: user "user", password "pencil". */
const RFC_7677 = {
  salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
  messages:
    "n=user,r=rOprNGfwEbeRWgbNEkqO," +
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096," +
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
  proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
  signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
};

describe("scramVerifier", () => {
  const verifier = scramVerifier("pencil", Buffer.from(RFC_7677.salt, "base64"));
  const [, , salt, stored = "", server = ""] = verifier.split(/[$:]/u);

  it("has PostgreSQL's form", () => {
    expect(verifier).toMatch(
      /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]+=*\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/u,
    );
    expect(salt).toBe(RFC_7677.salt);
  });

  it("proves the server and accepts the client of RFC 7677", () => {
    const sign = (key: Buffer) => createHmac("sha256", key).update(RFC_7677.messages).digest();
    expect(sign(Buffer.from(server, "base64")).toString("base64")).toBe(RFC_7677.signature);

    const storedKey = Buffer.from(stored, "base64");
    const signature = sign(storedKey);
    const clientKey = Buffer.from(RFC_7677.proof, "base64").map(
      (byte, index) => byte ^ (signature[index] ?? 0),
    );
    expect(createHash("sha256").update(clientKey).digest()).toEqual(storedKey);
  });
});
