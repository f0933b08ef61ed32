import { describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";
import { configurePack } from "./configuration";
import { enforcementText } from "./describe";
import { SIZED, forManifests } from "./in-manifests";
import { replicas } from "./manifests/testing";
import { PROD } from "./testing";

const SOFT = { ...replicas, inManifests: SIZED };

describe("forManifests", () => {
  it("makes advice of what blocks a program, and leaves other levels alone", () => {
    expect(forManifests(replicas)).toBe(replicas);
    const { production } = SOFT.enforcement;
    expect(production).toBe("mandatory");
    expect(forManifests(SOFT).enforcement.production).toBe("advisory");
    const off = { production: "mandatory", staging: "disabled" } as const;
    expect(forManifests({ ...SOFT, enforcement: off }).enforcement).toEqual({
      production: "advisory",
      staging: "disabled",
    });
  });

  it("leaves the last word to the configuration", () => {
    const configured = configurePack([SOFT].map(forManifests), PROD, { replicas: "mandatory" });
    expect(configured.get("replicas")?.level).toBe("mandatory");
  });
});

it("says what blocks in plain manifests anyway", () => {
  const inManifests = { ...SIZED, except: "that nothing runs" };
  expect(enforcementText({ ...SOFT, inManifests })).toBe(
    "mandatory in production, advisory in staging; advisory in plain manifests, because the size of an installation is decided where it is installed, except that nothing runs",
  );
});

it("keeps what is broken or unsafe mandatory in plain manifests", () => {
  const soft = POLICIES.filter(({ inManifests }) => inManifests !== undefined);
  const harmful = ["api", "secrets", "iam", "keys"];
  expect(
    soft.filter(
      ({ name, themes }) =>
        name.includes("baseline") ||
        themes.some((theme) => harmful.includes(theme) && name !== "external-secret-refreshed"),
    ),
  ).toEqual([]);
  expect(soft.filter(({ enforcement }) => enforcement.production !== "mandatory")).toEqual([]);
});
