import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { create as createRds, second } from "../clouds/aws/rds/testing";
import { create as createCloudSql } from "../clouds/gcp/cloud-sql/testing";
import { valueOf } from "../kit/testing";
import { setupOf } from "./setup";

describe("SQL setup", () => {
  it("is empty without extensions and guests", () => {
    expect(setupOf(pulumi.output("u"), { extensions: [] })).toBeUndefined();
  });

  it("is sorted, and quotes names", () => {
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

  it("bypasses the pooler on RDS, as the owner, and never runs on a replica", async () => {
    const { setup, directUrl } = (await createRds()).result;
    expect(setup?.statements).toEqual(['CREATE EXTENSION IF NOT EXISTS "pg_stat_statements"']);
    expect(await valueOf(setup?.url ?? pulumi.output(""))).toBe(await valueOf(directUrl));
    expect((await createRds(second)).result.setup).toBeUndefined();
  });

  it("runs as the owner on Cloud SQL, where Google allows it", async () => {
    const { setup } = (await createCloudSql({ extensions: ["pgaudit"] })).result;
    expect(setup?.statements).toEqual(['CREATE EXTENSION IF NOT EXISTS "pgaudit"']);
    expect((await createCloudSql()).result.setup).toBeUndefined();
  });
});
