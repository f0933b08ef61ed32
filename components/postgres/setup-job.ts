import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { mib, millicores } from "../../systems/units";
import { IMAGES } from "../../versions";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels, containerResources } from "../kit/labels";
import { toDns } from "../kit/network-rules";
import { toReach, type Reach } from "../kit/egress";
import { revisionOf } from "../kit/revision";
import { restrictedContainer, restrictedPod } from "../kit/security";
import type { Setup } from "./contract";

export interface DatabaseSetupArguments {
  readonly system: string;
  readonly namespace: string;
  /** The database's name in the system; the objects are named after it. */
  readonly database: string;
  readonly setup: Setup;
  /** Secret: what statements read as the psql variable `given`, such as a password. @default none */
  readonly given?: pulumi.Output<string>;
  /** All network paths to the database. */
  readonly reach: readonly Reach[];
  /** What must exist before a client can connect. */
  readonly databaseReady: readonly pulumi.Resource[];
}

/** Deadline in seconds, for the database to answer and all statements to run. */
const DEADLINE = 600;

/** A new database refuses connections for a while. */
const SCRIPT = `set -eu
until psql "$DATABASE_URL" --no-psqlrc --quiet --command 'SELECT 1' >/dev/null; do sleep 5; done
printf '%s\\n' "$STATEMENTS" |
  psql "$DATABASE_URL" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --single-transaction
`;

/** The same with a secret, which psql reads from its environment: others can read a process's arguments. */
const SCRIPT_WITH_SECRET = SCRIPT.replace(
  `printf '%s\\n' "$STATEMENTS"`,
  `printf '%s\\n' '\\getenv given GIVEN' "$STATEMENTS"`,
);

/**
 * Runs the SQL that no cloud's API covers: extensions, and the owner's permissions. It runs once
 * for each database and set of statements, as a Job that `pulumi up` waits for; each statement is idempotent.
 */
export class DatabaseSetup extends Component {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DatabaseSetupArguments, options: ComponentOptions) {
    super("postgres:DatabaseSetup", name, { database: args.database }, options);
    const base = `${args.database}-setup`;
    const labels = commonLabels(args.system, base);
    const metadata = { name: base, namespace: args.namespace, labels };
    const secret = new k8s.core.v1.Secret(
      this.child("credentials"),
      { metadata, type: "Opaque", stringData: secretsOf(args) },
      this.options(),
    );
    const account = new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata, automountServiceAccountToken: false },
      this.options(),
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      {
        metadata,
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ["Ingress", "Egress"],
          ingress: [],
          egress: [toDns(), ...args.reach.map(toReach)],
        },
      },
      this.options(),
    );
    this.ready = [this.createJob(args, base, [secret, account, policy, ...args.databaseReady])];
    this.publish();
  }

  private createJob(
    args: DatabaseSetupArguments,
    base: string,
    dependsOn: pulumi.Resource[],
  ): k8s.batch.v1.Job {
    const labels = commonLabels(args.system, base);
    const statements = args.setup.statements.map((one) => `${one};`).join("\n");
    return new k8s.batch.v1.Job(
      this.child("job"),
      {
        metadata: {
          // A Job cannot be changed and runs once: other statements are another Job.
          name: `${base}-${digest(scriptOf(args), statements)}`,
          namespace: args.namespace,
          labels,
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
          backoffLimit: 5,
          activeDeadlineSeconds: DEADLINE,
          template: {
            metadata: { labels, annotations: revision(args) },
            spec: pod(base, statements, args),
          },
        },
      },
      this.options({ dependsOn, customTimeouts: { create: `${String(DEADLINE + 60)}s` } }),
    );
  }
}

/**
 * Another database, such as a restored one, or another secret is another Job, as another template cannot be given to an
 * existing one.
 */
const revision = (args: DatabaseSetupArguments) => ({
  "checksum/credentials": revisionOf(Object.values(secretsOf(args))),
});

const secretsOf = ({ setup, given }: DatabaseSetupArguments) => ({
  url: pulumi.secret(setup.url),
  ...(given === undefined ? {} : { given: pulumi.secret(given) }),
});

const scriptOf = ({ given }: DatabaseSetupArguments): string =>
  given === undefined ? SCRIPT : SCRIPT_WITH_SECRET;

function pod(
  base: string,
  statements: string,
  args: DatabaseSetupArguments,
): k8s.types.input.core.v1.PodSpec {
  const from = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: base, key } },
  });
  return {
    restartPolicy: "Never",
    serviceAccountName: base,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    containers: [
      {
        name: "setup",
        image: IMAGES.postgresClient,
        imagePullPolicy: "IfNotPresent",
        command: ["/bin/sh", "-c", scriptOf(args)],
        env: [
          from("DATABASE_URL", "url"),
          ...(args.given === undefined ? [] : [from("GIVEN", "given")]),
          { name: "STATEMENTS", value: statements },
          // For a URL without a TLS setting; a setting in the URL takes precedence.
          { name: "PGSSLMODE", value: "require" },
          { name: "PGCONNECT_TIMEOUT", value: "10" },
        ],
        resources: containerResources({
          requests: { cpu: millicores(50), memory: mib(64) },
          limits: { memory: mib(128) },
        }),
        securityContext: restrictedContainer(),
        terminationMessagePolicy: "FallbackToLogsOnError",
      },
    ],
  };
}

const digest = (script: string, text: string): string =>
  createHash("sha256").update(`${script}${text}`).digest("hex").slice(0, 8);
