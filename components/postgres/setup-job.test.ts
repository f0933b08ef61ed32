import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { inputsOf, named, register } from "../kit/testing";
import { DatabaseSetup, type DatabaseSetupArguments } from "./setup-job";

const STATEMENTS = [
  'GRANT CREATE, USAGE ON SCHEMA public TO "keeper"',
  'CREATE EXTENSION IF NOT EXISTS "pg_stat_statements"',
];

const create = (
  statements: readonly string[] = STATEMENTS,
  { host = "h", given }: { readonly host?: string; readonly given?: string | undefined } = {},
) =>
  register(
    (options) =>
      new DatabaseSetup(
        "bikes-rides-setup",
        {
          system: "bikes",
          namespace: "garage",
          database: "rides",
          setup: { url: pulumi.secret(`postgresql://root:s3cret@${host}/rides`), statements },
          ...(given === undefined ? {} : { given: pulumi.secret(given) }),
          reach: [{ kind: "network", cidr: "10.3.0.0/16", firstPort: 5432, lastPort: 5432 }],
          databaseReady: [],
        } satisfies DatabaseSetupArguments,
        options,
      ),
  );

interface JobInputs {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly [
          {
            readonly command: readonly [string, string, string];
            readonly env: readonly { readonly name: string; readonly value?: string }[];
          },
        ];
      };
    };
  };
}

const job = async (...args: Parameters<typeof create>) =>
  inputsOf((await create(...args)).resources, "bikes-rides-setup-job") as unknown as JobInputs;

describe("the setup of a database", () => {
  it("is a Job with its own account, after its secret and its network policy", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "bikes-rides-setup-account",
      "bikes-rides-setup-credentials",
      "bikes-rides-setup-job",
      "bikes-rides-setup-network",
    ]);
    expect(named(resources, "bikes-rides-setup-job").dependsOn).toEqual([
      "bikes-rides-setup-account",
      "bikes-rides-setup-credentials",
      "bikes-rides-setup-network",
    ]);
    expect(inputsOf(resources, "bikes-rides-setup-credentials")["stringData"]).toEqual({
      $secret: { url: "postgresql://root:s3cret@h/rides" },
    });
  });

  it("reaches only DNS and the database", async () => {
    const { resources } = await create();
    const { spec } = inputsOf(resources, "bikes-rides-setup-network") as {
      spec: { ingress: unknown; egress: readonly { to: readonly object[] }[] };
    };
    expect(spec.ingress).toEqual([]);
    expect(spec.egress.map(({ to }) => to[0])).toEqual([
      expect.objectContaining({ podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }),
      { ipBlock: { cidr: "10.3.0.0/16" } },
    ]);
  });

  it.each([undefined, "verifier"])(
    "runs again for another database, with %j given",
    async (given) => {
      const template = async (host: string) =>
        (await job(STATEMENTS, { host, given })).spec.template.metadata.annotations;
      const first = await template("rides-1");
      expect(await template("rides-1")).toEqual(first);
      expect(await template("rides-2")).not.toEqual(first);
      expect(first).toEqual({
        "checksum/credentials": expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      });
    },
  );

  it("runs again for another secret, and not another name", async () => {
    const [first, second] = [
      await job(STATEMENTS, { given: "a" }),
      await job(STATEMENTS, { given: "b" }),
    ];
    expect(second.metadata.name).toBe(first.metadata.name);
    expect(second.spec.template.metadata).not.toEqual(first.spec.template.metadata);
  });

  it("has another name only for other statements", async () => {
    const first = (await job()).metadata.name;
    expect((await job()).metadata.name).toBe(first);
    expect((await job(STATEMENTS.slice(1))).metadata.name).not.toBe(first);
    expect(first).toMatch(/^rides-setup-[0-9a-f]{8}$/);
  });
});

describe("its script", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** Runs it with a `psql` stub that records its calls. */
  async function run(psql: string) {
    const folder = mkdtempSync(join(tmpdir(), "setup-"));
    folders.push(folder);
    writeFileSync(join(folder, "psql"), `#!/bin/sh\n${psql}\n`, { mode: 0o755 });
    writeFileSync(join(folder, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
    const [{ command, env }] = (await job()).spec.template.spec.containers;
    const { status } = spawnSync(command[0], command.slice(1), {
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        FOLDER: folder,
        DATABASE_URL: "postgresql://root@h/rides",
        ...Object.fromEntries(env.flatMap(({ name, value }) => (value ? [[name, value]] : []))),
      },
    });
    const said = (file: string) => readFileSync(join(folder, file), "utf8");
    return { status, said };
  }

  it("waits until the database answers, then runs all statements in one transaction", async () => {
    const { status, said } = await run(`
case "$*" in
  *--command*) echo asked >>"$FOLDER/asked"; test "$(wc -l <"$FOLDER/asked")" -ge 3 ;;
  *) echo "$*" >"$FOLDER/arguments"; cat >"$FOLDER/statements" ;;
esac`);
    expect(status).toBe(0);
    expect(said("asked")).toBe("asked\n".repeat(3));
    expect(said("statements")).toBe(`${STATEMENTS.map((one) => `${one};`).join("\n")}\n`);
    expect(said("arguments")).toContain("--set ON_ERROR_STOP=1 --single-transaction");
  });

  it("fails when a statement does", async () => {
    const { status } = await run(`case "$*" in *--command*) ;; *) cat >/dev/null; exit 3 ;; esac`);
    expect(status).toBe(3);
  });
});
