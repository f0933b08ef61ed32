import { describe, expect, it } from "vitest";
import { inputsOf, named } from "../../../kit/testing";
import { create } from "./testing";

describe("the key of a GKE cluster", () => {
  it("is rotated every ninety days and may be used by GKE's own agent", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-key")).toEqual({
      name: "kubernetes-secrets",
      keyRing: "town-ring-id",
      purpose: "ENCRYPT_DECRYPT",
      rotationPeriod: "7776000s",
      labels: { system: "bikes" },
      deletionPolicy: "PREVENT",
    });
    expect(inputsOf(resources, "town-agent")).toEqual({
      project: "town-7",
      service: "container.googleapis.com",
    });
    expect(inputsOf(resources, "town-key-user")).toEqual({
      cryptoKeyId: "town-key-id",
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: "serviceAccount:the-agent",
    });
  });

  it("a key ring has a generated name, so that a rebuild does not clash with the old one", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-ring")).toEqual({
      project: "town-7",
      location: "europe-west4",
    });
  });

  it.each([true, false])(
    "key ring and key are left behind, protected or not: %s",
    async (protect) => {
      const { resources } = await create({ protect });
      for (const name of ["town-ring", "town-key"]) {
        expect(named(resources, name).options).toMatchObject({ retainOnDelete: true, protect });
      }
    },
  );
});
