/** Sentinel secrets are planted in every source of secrets. No output may contain one. */
import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadStack } from "../offline/stack-files";
import { planFiles } from "../reports/files";
import { renderText } from "../reports/text";
import { PROJECT, planOf } from "./plan";

const SENTINEL = "sentinel-7f3a91c2";
const folder = mkdtempSync(join(tmpdir(), "runstack-secrets-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Result {
  readonly code: number;
  readonly text: string;
}

/** The command as a user runs it, in an environment full of secrets. */
function plan(...args: readonly string[]): Promise<Result> {
  return planIn(PROJECT, ...args);
}

function planIn(cwd: string, ...args: readonly string[]): Promise<Result> {
  const env = {
    ...process.env,
    DIGITALOCEAN_TOKEN: SENTINEL,
    DIGITALOCEAN_ACCESS_TOKEN: SENTINEL,
    SPACES_SECRET_ACCESS_KEY: SENTINEL,
    AWS_SECRET_ACCESS_KEY: SENTINEL,
    PULUMI_ACCESS_TOKEN: SENTINEL,
    PULUMI_CONFIG_PASSPHRASE: SENTINEL,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--require", "tsx/cjs", join(PROJECT, "cli/plan.ts"), ...args],
      { cwd, env, maxBuffer: 64 * 1024 ** 2 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : 0;
        resolve({ code, text: stdout + stderr });
      },
    );
  });
}

const filesBelow = (path: string): readonly string[] =>
  readdirSync(path).flatMap((name) => {
    const inner = join(path, name);
    return statSync(inner).isDirectory() ? filesBelow(inner) : [inner];
  });

/** A stack with all secrets, as the engine passes them to the program after decryption. */
function stackWithSecrets(marked: boolean) {
  const stack = loadStack(PROJECT, "prod");
  const keys = ["DATABASE_URL", "PAGERDUTY_ROUTING_KEY", "SLACK_WEBHOOK_URL", "DNS_TOKEN"];
  const secrets = {
    ...Object.fromEntries(keys.map((key, index) => [key, `${SENTINEL}-${String(index)}`])),
    DATABASE_URL: `postgresql://reader:${SENTINEL}-0@db.example.org/todo`,
  };
  return {
    ...stack,
    config: {
      ...stack.config,
      values: {
        ...stack.config.values,
        "runstack:secrets": JSON.stringify(secrets),
        "digitalocean:token": `${SENTINEL}-token`,
      },
      secretKeys: [
        ...stack.config.secretKeys,
        ...(marked ? ["runstack:secrets", "digitalocean:token"] : []),
      ],
    },
  };
}

/** Creates a secret, prints it and the whole environment, and throws it. */
const FAILING = `
const pulumi = require("@pulumi/pulumi");
const text = "${SENTINEL}-of-the-program";
class Thing extends pulumi.CustomResource {}
new Thing("test:index:Thing", "thing", { password: pulumi.secret(text) }).urn.apply(() => {
  console.log("tried " + text);
  console.error("environment of " + JSON.stringify(process.env));
  throw new Error("cannot connect with " + text);
});
`;

describe("a secret", () => {
  it("of the environment reaches neither the output nor a file", async () => {
    const { code, text } = await plan("prod", "--out", folder);
    expect(code).toBe(0);
    expect(text).toContain("todo-chatbot");
    expect(text).not.toContain(SENTINEL);
    const files = filesBelow(folder);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => readFileSync(file, "utf8").includes(SENTINEL))).toStrictEqual([]);
  });

  it("of the configuration reaches no property, message or URN of the plan", async () => {
    const result = await planOf(stackWithSecrets(true));
    const token = result.resources.find(({ name }) => name === "todo-chatbot-platform-dns-token");
    expect(token?.inputs["stringData"]).toStrictEqual({ $secret: true });
    expect(JSON.stringify(result)).not.toContain(SENTINEL);
    expect(renderText(result)).not.toContain(SENTINEL);
    const files = planFiles(result);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter(({ text }) => text.includes(SENTINEL))).toStrictEqual([]);
  });

  it("of a failed program appears neither in its error nor in its output", async () => {
    const dir = join(folder, "failing");
    mkdirSync(dir);
    symlinkSync(join(PROJECT, "node_modules"), join(dir, "node_modules"));
    writeFileSync(
      join(dir, "Pulumi.yaml"),
      "name: failing\nmain: index.js\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    writeFileSync(join(dir, "Pulumi.dev.yaml"), "config: {}\n");
    writeFileSync(join(dir, "index.js"), FAILING);
    const { code, text } = await planIn(dir, "dev");
    expect(code).toBe(2);
    expect(text).toContain("Error: cannot connect with [secret]");
    expect(text).toContain("    tried [secret]\n");
    expect(text).toContain("    environment of\n");
    expect(text).not.toContain(SENTINEL);
  });

  it("in plain text is refused without being repeated", async () => {
    const error = await planOf(stackWithSecrets(false)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toContain("runstack:secrets is plain text, but must be encrypted.");
    expect(message).not.toContain(SENTINEL);
  });
});
