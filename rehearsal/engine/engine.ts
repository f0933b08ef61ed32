/**
 * Stacks in the real engine. They have their own state in a temporary folder, a passphrase that protects
 * nothing, and no usable credential.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { listStacks } from "../../offline/stack-files";
import { writeLanguageHost, writeProviders } from "./plugins";

/** The exit code of a test that could not run. */
export const SKIPPED = 77;

const NOT_COPIED = new Set(["node_modules", ".git", "coverage", "out"]);
/** The package's own `pulumi` tries to download the tool, which takes long to fail without a network. */
const PATIENCE_MS = 30_000;

/**
 * A PATH with a working `pulumi`. `npm run` puts the package's own first, which fetches the
 * command line tool at its first use: an installed one is preferred.
 */
export function pathWithPulumi(): string | undefined {
  const all = process.env["PATH"] ?? "";
  const installed = all
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
    .join(delimiter);
  return [installed, all].find((path) => {
    try {
      const env = { ...process.env, PATH: path };
      execFileSync("pulumi", ["version"], { stdio: "ignore", env, timeout: PATIENCE_MS });
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The PATH with our own plugins before it. An engine that was installed has a language host beside it and can get
 * the providers of its program; one that was built from source has and can neither.
 *
 * @param folder for the plugins
 * @param simulated whether our providers are used in any case, so that no cloud can be asked
 */
export function withOwnPlugins(path: string, folder: string, simulated: boolean): string {
  const installed = path
    .split(delimiter)
    .some((one) => existsSync(join(one, "pulumi-language-nodejs")));
  if (!installed) writeLanguageHost(folder);
  if (!installed || simulated) writeProviders(folder);
  return [folder, path].join(delimiter);
}

/** The engine writes an encryption salt into the stack file, so this uses a copy. */
export function copyProject(project: string): string {
  const root = mkdtempSync(join(tmpdir(), "runstack-engine-"));
  const copy = join(root, "project");
  cpSync(project, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(root, "state"));
  for (const name of listStacks(copy)) forgetSecrets(join(copy, `Pulumi.${name}.yaml`));
  return root;
}

/** Values that only the stack's own passphrase or key can decrypt. Neither preview has them. */
function forgetSecrets(file: string): void {
  const content = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  const config = Object.entries(content.config ?? {}).filter(
    ([, value]) => !JSON.stringify(value).includes('{"secure":'),
  );
  writeFileSync(file, stringify({ config: Object.fromEntries(config) }));
}

/** A stack of its own file. `root` is a folder that `copyProject` made. */
export async function openStack(root: string, stackName: string): Promise<Stack> {
  // Loaded here: it is slow, and not needed where there is no engine.
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  return LocalWorkspace.createOrSelectStack(
    { stackName, workDir: join(root, "project") },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "nothing to protect",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        DIGITALOCEAN_TOKEN: "none",
        // The provider's default, independent of the shell, because this input is compared.
        DIGITALOCEAN_API_URL: "https://api.digitalocean.com",
      },
    },
  );
}
