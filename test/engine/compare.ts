/**
 * `npm run test:engine`: previews every stack with the real engine and compares it with the offline
 * plan: the same resources, the same inputs, the same policy verdicts. Needs `pulumi` on the PATH and
 * its provider plugins; says in one line what it skipped without them.
 *
 * The preview has a state of its own in a temporary folder, a passphrase that protects nothing, and
 * no usable credential: a first preview asks no cloud.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { previewStack, type Preview } from "../../offline/host";
import { listStacks, loadStack } from "../../offline/stack-files";
import { differences, normalise } from "./normalise";

const PROJECT = join(__dirname, "..", "..");
const NOT_COPIED = new Set(["node_modules", ".git", "coverage", "out"]);

/** The package's own `pulumi` tries to fetch the tool, which takes long to fail without a network. */
const PATIENCE_MS = 30_000;
/** How the engine says that it has no plugin and cannot get one. */
const NO_PLUGIN =
  /(no resource plugin|could not (install|download|find)[^\n]*plugin|plugin[^\n]*(not found|not installed))/i;

interface EnginePreview {
  readonly inputs: ReadonlyMap<string, unknown>;
  readonly verdicts: ReadonlySet<string>;
}

/**
 * The PATH on which a `pulumi` answers. `npm run` puts the package's own first, which fetches the
 * command line tool at its first use: an installed one is preferred.
 */
function pathWithPulumi(): string | undefined {
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

/** The engine writes an encryption salt into the stack's file: that is done to a copy. */
function copyProject(): string {
  const root = mkdtempSync(join(tmpdir(), "runstack-engine-"));
  const copy = join(root, "project");
  cpSync(PROJECT, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  symlinkSync(join(PROJECT, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(root, "state"));
  for (const name of listStacks(PROJECT)) forgetSecrets(join(copy, `Pulumi.${name}.yaml`));
  return root;
}

/** What only the stack's own passphrase or key opens: neither preview has it. */
function forgetSecrets(file: string): void {
  const content = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  const config = Object.entries(content.config ?? {}).filter(
    ([, value]) => !JSON.stringify(value).includes('{"secure":'),
  );
  writeFileSync(file, stringify({ config: Object.fromEntries(config) }));
}

async function enginePreview(root: string, stackName: string): Promise<EnginePreview> {
  // Loaded here: it is slow, and not needed where there is no engine.
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const workDir = join(root, "project");
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, workDir },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "nothing to protect",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        DIGITALOCEAN_TOKEN: "none",
        // The provider's default, whatever the shell says: it is an input that is compared.
        DIGITALOCEAN_API_URL: "https://api.digitalocean.com",
      },
    },
  );
  const events: EngineEvent[] = [];
  try {
    await stack.preview({
      policyPacks: [join(workDir, "policies")],
      onEvent: (event) => events.push(event),
    });
  } catch (error) {
    // A mandatory violation fails a preview too; only one without policy events is an accident.
    if (!events.some(({ policyEvent }) => policyEvent?.enforcementLevel === "mandatory"))
      throw error;
  }
  return fromEvents(events);
}

function fromEvents(events: readonly EngineEvent[]): EnginePreview {
  const inputs = new Map<string, unknown>();
  const verdicts = new Set<string>();
  for (const { resourcePreEvent, policyEvent } of events) {
    const created = resourcePreEvent?.metadata.new;
    if (created !== undefined) inputs.set(created.urn, normalise(created.inputs));
    if (policyEvent !== undefined) {
      const { policyName, resourceUrn = "", enforcementLevel, message } = policyEvent;
      verdicts.add(verdict(policyName, resourceUrn, enforcementLevel, message));
    }
  }
  return { inputs, verdicts };
}

const verdict = (policy: string, urn: string, enforcement: string, message: string): string =>
  `${enforcement} ${policy} ${urn}: ${message.trim()}`;

/** Default providers are the engine's own affair: it does not show them. */
const isShown = (urn: string): boolean => !/\$?pulumi:providers:[^:]+::default(_|$)/.test(urn);

function compare(engine: EnginePreview, plan: Preview): readonly string[] {
  const planned = new Map(plan.resources.map(({ urn, inputs }) => [urn, normalise(inputs)]));
  const ours = new Set(
    plan.policies.violations.map(({ policy, urn, enforcement, message }) =>
      verdict(policy, urn, enforcement, message),
    ),
  );
  const missing = (from: Iterable<string>, set: { has(one: string): boolean }, text: string) =>
    [...from].filter((one) => !set.has(one)).map((one) => `${text}: ${one}`);
  return [
    ...missing(engine.inputs.keys(), planned, "only the engine registers"),
    ...missing([...planned.keys()].filter(isShown), engine.inputs, "only the plan registers"),
    ...[...engine.inputs].flatMap(([urn, inputs]) =>
      planned.has(urn) ? differences(inputs, planned.get(urn)).map((one) => `${urn}${one}`) : [],
    ),
    ...missing(engine.verdicts, ours, "only the engine's policies say"),
    ...missing(ours, engine.verdicts, "only the plan's policies say"),
  ];
}

async function main(): Promise<number> {
  const path = pathWithPulumi();
  if (path === undefined) {
    console.log(
      "skipped: the comparison with the real engine, because there is no pulumi on the PATH",
    );
    return 0;
  }
  process.env["PATH"] = path;
  const root = copyProject();
  let found = 0;
  try {
    for (const name of listStacks(PROJECT)) {
      const engine = await enginePreview(root, name);
      const plan = await previewStack({
        projectDir: PROJECT,
        stack: loadStack(PROJECT, name),
        policyPackDir: join(PROJECT, "policies"),
      });
      const differing = compare(engine, plan);
      found += differing.length;
      console.log(
        `${name}: ${engine.inputs.size} resources, ${engine.verdicts.size} verdicts, ${differing.length} differences`,
      );
      differing.forEach((one) => {
        console.log(`  ${one}`);
      });
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = text.split("\n").find((one) => NO_PLUGIN.test(one));
    if (line === undefined || found > 0) throw error;
    console.log(
      `skipped: the comparison with the real engine, because a plugin cannot be had: ${line.trim()}`,
    );
    return 0;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return found === 0 ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
