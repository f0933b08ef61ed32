/** Exports the state of a database that runs outside the cluster: connections, locks, whether it answers. */
import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../kit/child-factory";
import type { Postgres } from "../postgres/contract";
import { scramVerifier } from "../postgres/scram";
import { DatabaseSetup } from "../postgres/setup-job";
import { IMAGES } from "../../versions";
import { createExporter, type ExporterPlace } from "./exporter";

export interface PostgresExporterArguments extends ExporterPlace {
  /** The database's name in the system; the objects are named after it. */
  readonly database: string;
  readonly postgres: Postgres;
  /**
   * `own`: a role that may only read statistics (`pg_monitor`), made by this program. `replicated`: the same
   * role, made by the environment that this one follows. `given`: the URL's own user, where nothing may be made
   * in somebody else's database.
   */
  readonly role: "own" | "replicated" | "given";
}

/** PostgreSQL's role for it. */
const ROLE = "runstack_metrics";

/**
 * From the owner's password, so that a replica, which has its source's roles, needs no further secret. The
 * owner's cannot be calculated from it.
 */
const passwordOf = ({ password }: Postgres): pulumi.Output<string> =>
  pulumi.secret(password).apply((owner) => derived(owner, ROLE).toString("hex"));

const derived = (owner: string, use: string): Buffer =>
  createHmac("sha256", owner).update(use).digest();

/** In the password's place, because the statement is logged, and Cloud SQL's password policy would refuse hex digits. */
const verifierOf = (postgres: Postgres): pulumi.Output<string> =>
  pulumi
    .all([pulumi.secret(postgres.password), passwordOf(postgres)])
    .apply(([owner, own]) => scramVerifier(own, derived(owner, `${ROLE} salt`).subarray(0, 16)));

export function createPostgresExporter(
  part: Part,
  args: PostgresExporterArguments,
): pulumi.Resource[] {
  const { postgres, database, role } = args;
  const own = role !== "given";
  const credentials = {
    uri: pulumi.secret(postgres.directUrl).apply(uriOf),
    username: own ? pulumi.output(ROLE) : postgres.username,
    password: own ? passwordOf(postgres) : postgres.password,
  };
  const setup = role === "own" ? [createRole(part, args)] : [];
  return createExporter(part, {
    ...args,
    name: `${database}-exporter`,
    port: 9187,
    healthPath: "/",
    credentials,
    reach: postgres.reach,
    before: [...postgres.ready, ...setup.flatMap(({ ready }) => ready)],
    image: IMAGES.postgresExporter,
    args: [
      "--web.listen-address=:9187",
      // One series for each table, which nothing here reads.
      "--no-collector.stat_user_tables",
      "--no-collector.statio_user_tables",
    ],
    variables: {
      DATA_SOURCE_URI: "uri",
      DATA_SOURCE_USER: "username",
      DATA_SOURCE_PASS: "password",
    },
  });
}

/** `host:port/database?sslmode=…`: of the URL's parameters, the exporter's driver knows this one. */
function uriOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${host}${pathname}?sslmode=${searchParams.get("sslmode") ?? "require"}`;
}

function createRole(part: Part, args: PostgresExporterArguments): DatabaseSetup {
  const { postgres, database } = args;
  return new DatabaseSetup(
    part.child(`${database}-metrics-role`),
    {
      system: args.system,
      namespace: args.namespace,
      database: `${database}-metrics`,
      setup: {
        url: postgres.setup?.url ?? postgres.directUrl,
        statements: [
          // Named quotes: in a variable's value Kubernetes makes one dollar sign of two.
          `DO $role$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLE}') THEN CREATE ROLE ${ROLE} LOGIN; END IF; END $role$`,
          // Two pods and a third in a rollout, each with one connection of its own and one for each scrape of two
          // Prometheus replicas.
          `ALTER ROLE ${ROLE} WITH LOGIN CONNECTION LIMIT 10 PASSWORD :'given'`,
          `GRANT pg_monitor TO ${ROLE}`,
        ],
      },
      given: verifierOf(postgres),
      reach: postgres.reach,
      databaseReady: postgres.ready,
    },
    part.options(),
  );
}
