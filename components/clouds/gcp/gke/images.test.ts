import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { create } from "./testing";

describe("the image repositories of a GKE cluster", () => {
  it("have exactly these inputs", async () => {
    const { resources } = await create();
    const common = {
      project: "town-7",
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicies: [
        {
          id: "delete-untagged",
          action: "DELETE",
          condition: { tagState: "UNTAGGED", olderThan: "2592000s" },
        },
        { id: "keep-recent", action: "KEEP", mostRecentVersions: { keepCount: 20 } },
      ],
      cleanupPolicyDryRun: false,
      labels: { system: "bikes" },
      deletionPolicy: "PREVENT",
    };
    expect(inputsOf(resources, "town-images-us-gcr-io")).toEqual({
      ...common,
      location: "us",
      repositoryId: "gcr.io",
      description: "Images named gcr.io/town-7/…",
      dockerConfig: { immutableTags: false },
    });
    expect(inputsOf(resources, "town-images-europe-west4-bikes")).toEqual({
      ...common,
      location: "europe-west4",
      repositoryId: "bikes",
      description: "Images of the system",
      dockerConfig: { immutableTags: true },
    });
  });

  it("are only read if they exist already", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "Repository")).toHaveLength(2);
    expect(inputsOf(resources, "town-images-europe-shared-reader")).toEqual({
      project: "town-7",
      location: "europe",
      repository: "shared",
      role: "roles/artifactregistry.reader",
      member: "serviceAccount:nodes@town.example.com",
    });
  });

  it("nodes have access to each of them before the first node starts", async () => {
    const { resources } = await create();
    const readers = [
      "town-images-europe-shared-reader",
      "town-images-europe-west4-bikes-reader",
      "town-images-us-gcr-io-reader",
    ];
    for (const pool of ["town-system", "town-pool-riders"]) {
      expect(named(resources, pool).dependsOn).toEqual(readers);
    }
    expect(
      readers.map((name) => inputsOf(resources, name)["member"] as string).every(Boolean),
    ).toBe(true);
  });

  it("are optional", async () => {
    const { resources } = await create({ imageRepositories: [] });
    expect(resources.filter(({ name }) => name.includes("images"))).toEqual([]);
  });
});
