import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, it, vi } from "vitest";
import type { Clusters } from "../contract";
import type { WireObject } from "../../offline/wire";
import { writeClouds } from "../engine/plugins";
import { startClouds } from "./clouds";
import { ask } from "./door";
import { TYPES } from "./testing";
import type { Answer, Call } from "./world";

const CLUSTERS: Clusters = {
  created: () =>
    Promise.resolve({ server: "https://127.0.0.1:6443", authority: "OURS", token: "t0ken" }),
  deleted: () => Promise.resolve(),
};

afterEach(() => {
  vi.unstubAllEnvs();
});

const place = { region: "us-east-1", account: "112233445566" };
const callOf = (type: string, { id, inputs }: Pick<Answer, "id" | "inputs">): Call => ({
  ...{ urn: `urn:pulumi:dev::runstack::${type}::bikes`, id, inputs, place },
});

async function opened() {
  const folder = mkdtempSync(join(tmpdir(), "runstack-clouds-"));
  const clouds = await startClouds({ file: join(folder, "clouds.json"), clusters: CLUSTERS });
  for (const [key, value] of Object.entries(clouds.environment)) vi.stubEnv(key, value);
  const create = (type: string, inputs: WireObject): Promise<Answer> =>
    ask("create", callOf(type, { id: "", inputs }));
  return { clouds, folder, create };
}

it("are asked through the door, whose token is needed, and tell what they hold", async () => {
  const { clouds, create } = await opened();
  await create(TYPES.s3, { bucket: "bikes" });
  const held = { type: TYPES.s3, id: "bikes", name: "bikes", region: "us-east-1" };
  expect(clouds.held()).toEqual([held]);
  await expect(create(TYPES.s3, { bucket: "bikes" })).rejects.toThrow("BucketAlreadyOwnedByYou");
  vi.stubEnv("RUNSTACK_CLOUDS_TOKEN", "other");
  await expect(create(TYPES.s3, {})).rejects.toThrow("The simulated clouds answer 403.");
  clouds.remove(held);
  expect(clouds.held()).toEqual([]);
  await clouds.close();
});

it("change behind the engine's back, take objects, and let time pass", async () => {
  const { clouds, create } = await opened();
  const instance = { identifier: "bikes", deletionProtection: true, skipFinalSnapshot: true };
  const call = callOf(TYPES.rds, await create(TYPES.rds, instance));
  await expect(ask("delete", call)).rejects.toThrow("Cannot delete protected DB Instance");
  for (const one of clouds.held()) clouds.change(one, { deletionProtection: false });
  await ask("delete", call);
  const bucket = await create(TYPES.s3, { bucket: "bikes" });
  clouds.put("bikes", "dump/1");
  await expect(ask("delete", callOf(TYPES.s3, bucket))).rejects.toThrow("BucketNotEmpty");
  await ask("delete", callOf(TYPES.secret, await create(TYPES.secret, { name: "bikes" })));
  await expect(create(TYPES.secret, { name: "bikes" })).rejects.toThrow("scheduled for deletion");
  clouds.pass(31);
  await create(TYPES.secret, { name: "bikes" });
  await clouds.close();
});

it("give kubectl a token by the commands that kubeconfigs name, and Go an authority to trust", async () => {
  const { clouds, folder, create } = await opened();
  const { id } = await create(TYPES.doks, { name: "bikes", region: "nyc3" });
  writeClouds(folder);
  const run = (command: string, ...args: string[]) =>
    promisify(execFile)(join(folder, command), args).then(
      ({ stdout }) => JSON.parse(stdout) as unknown,
    );
  const credential: unknown = expect.objectContaining({
    kind: "ExecCredential",
    status: { token: "t0ken" },
  });
  const exec = ["kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=v1beta1"];
  expect(await run("doctl", ...exec, id)).toEqual(credential);
  expect(await run("aws", "eks", "get-token", "--cluster-name", "bikes")).toEqual(credential);
  const spec = { cluster: { server: "https://127.0.0.1:6443" } };
  vi.stubEnv("KUBERNETES_EXEC_INFO", JSON.stringify({ spec }));
  expect(await run("gke-gcloud-auth-plugin")).toEqual(credential);
  await expect(run("aws", "eks", "get-token", "--cluster-name", "boats")).rejects.toThrow(
    "No cluster found for name: boats.",
  );
  expect(readFileSync(clouds.environment["SSL_CERT_FILE"] ?? "", "utf8")).toContain("OURS");
  await clouds.close();
});
