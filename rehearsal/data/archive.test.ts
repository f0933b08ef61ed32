import { expect, it } from "vitest";
import type { PlannedResource, PlanObject } from "../../offline/plan";
import { archivesOf } from "./archive";

const object = (type: string, name: string, spec: PlanObject): PlannedResource => ({
  urn: `urn:${name}`,
  type,
  name,
  parent: null,
  provider: null,
  custom: true,
  protect: false,
  dependencies: [],
  inputs: { metadata: { name }, spec },
});

const STORE = object("kubernetes:barmancloud.cnpg.io/v1:ObjectStore", "attic", {
  configuration: { destinationPath: "s3://bikes/wal", data: { compression: "snappy", jobs: 3 } },
});
const CLUSTER = object("kubernetes:postgresql.cnpg.io/v1:Cluster", "shop", {
  plugins: [
    { name: "other" },
    { isWALArchiver: true, parameters: { barmanObjectName: "attic", serverName: "bikes-pg15" } },
  ],
  postgresql: { parameters: { archive_timeout: "77s" } },
});

it("reads the archive of a database from its cluster and its object store", () => {
  expect(archivesOf([CLUSTER, STORE])).toEqual([
    {
      database: "shop",
      destination: "s3://bikes/wal",
      serverName: "bikes-pg15",
      compression: "snappy",
      jobs: "3",
      timeout: "77s",
    },
  ]);
});

it("finds none where the object store is not in the plan", () => {
  expect(archivesOf([CLUSTER])).toEqual([]);
});
