import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { create as createRds, second } from "../clouds/aws/rds/testing";
import { create as createCloudSql } from "../clouds/gcp/cloud-sql/testing";
import { valueOf } from "../kit/testing";
import { setupOf } from "./setup";

describe("what has to be said in SQL", () => {
  it("is nothing where no extension is wanted and nobody is a guest", () => {
    expect(setupOf(pulumi.output("u"), { extensions: [] })).toBeUndefined();
  });

  it("comes in one order, and takes names as they are", () => {
    const { statements } = setupOf(pulumi.output("u"), {
      extensions: ["uuid-ossp", "pg_trgm"],
      guest: 'a"b',
    }) ?? { statements: [] };
    expect(statements).toEqual([
      'GRANT CREATE, USAGE ON SCHEMA public TO "a""b"',
      'CREATE EXTENSION IF NOT EXISTS "pg_trgm"',
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"',
    ]);
  });

  it("is said past the pooler on RDS, by the owner, and never to a replica", async () => {
    const { setup, directUrl } = (await createRds()).result;
    expect(setup?.statements).toEqual(['CREATE EXTENSION IF NOT EXISTS "pg_stat_statements"']);
    expect(await valueOf(setup?.url ?? pulumi.output(""))).toBe(await valueOf(directUrl));
    expect((await createRds(second)).result.setup).toBeUndefined();
  });

  it("is said by the owner on Cloud SQL, where Google lets the owner do it", async () => {
    const { setup } = (await createCloudSql({ extensions: ["pgaudit"] })).result;
    expect(setup?.statements).toEqual(['CREATE EXTENSION IF NOT EXISTS "pgaudit"']);
    expect((await createCloudSql()).result.setup).toBeUndefined();
  });
});
