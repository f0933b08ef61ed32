/**
 * For tests: the program and the pack in this process, many stacks one after the other. It is the host of
 * `offline/` without the start of two processes for each of them.
 */
import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import * as proto from "@pulumi/pulumi/proto/language_pb";
import { Environment } from "../../components/environment";
import { givenSecrets } from "../../components/secrets";
import { analyzeRequest, stackResource } from "../../offline/analyzer-messages";
import { Callbacks } from "../../offline/callbacks";
import { DiagnosticLog } from "../../offline/diagnostics";
import { addEngineService } from "../../offline/engine-service";
import { CHANNEL_OPTIONS, listen } from "../../offline/grpc";
import { Monitor } from "../../offline/monitor";
import { Packages } from "../../offline/packages";
import type { PlannedResource } from "../../offline/plan";
import { plannedResources } from "../../offline/planned";
import { gateOf } from "../../offline/policies";
import { Registry, type State } from "../../offline/registry";
import type { StackFile } from "../../offline/stack-files";
import type { Create } from "../../offline/update";
import { POLICIES } from "../../policies/catalog";
import { readPolicyContext } from "../../policies/policy-context";
import { judge, type Violation } from "../../policies/testing";
import { recoveryTimes } from "../../reports/assemble";
import { readSettings } from "../../settings";
import { requiredSecrets } from "../../settings/secrets";
import { SYSTEMS } from "../../systems";
import { ANSWERS } from "../../rehearsal/clouds/answers";

/** The program runner of the SDK's Automation API, which runs a function as a program. */
interface LanguageServer {
  run: (
    call: { readonly request: proto.RunRequest },
    done: (error: Error | undefined, response: unknown) => void,
  ) => Promise<unknown>;
}

const { LanguageServer } = createRequire(__filename)("@pulumi/pulumi/automation/server") as {
  readonly LanguageServer: new (program: () => Promise<unknown>) => LanguageServer;
};

export interface Ran {
  readonly states: readonly State[];
  readonly resources: readonly PlannedResource[];
  readonly violations: readonly Violation[];
  /** What the pack would find with another configuration. */
  readonly judgedWith: (stack: StackFile) => Promise<readonly Violation[]>;
}

/** What `index.ts` does. */
function program(): Promise<unknown> {
  const config = new pulumi.Config();
  const settings = readSettings(config);
  const given = givenSecrets(config, requiredSecrets(settings), pulumi.runtime.isDryRun());
  const { url, grafanaPassword } = new Environment(settings.system.id, { settings, given });
  return Promise.resolve({ url, grafanaPassword });
}

/**
 * A first preview, or with `create` an `up`.
 *
 * @throws Error with what the program reported as an error
 */
export async function run(stack: StackFile, create?: Create): Promise<Ran> {
  const server = new grpc.Server(CHANNEL_OPTIONS);
  const callbacks = new Callbacks();
  try {
    const registry = await register(stack, { server, callbacks, create });
    const states = registry.all();
    const resources = plannedResources(states, (text) => text);
    const judgedWith = (other: StackFile) => judged(other, registry, resources);
    return { states, resources, violations: await judgedWith(stack), judgedWith };
  } finally {
    callbacks.close();
    server.forceShutdown();
  }
}

interface Run {
  readonly server: grpc.Server;
  readonly callbacks: Callbacks;
  readonly create: Create | undefined;
}

/** What nothing reads and no reason covers: in any placement a fault of the program. */
const UNLISTED = /systems\/uses gives no reason/;

async function register(
  { name, config }: StackFile,
  { server, callbacks, create }: Run,
): Promise<Registry> {
  const registry = new Registry();
  const diagnostics = new DiagnosticLog();
  addEngineService(server, diagnostics);
  const monitor = new Monitor({
    deployment: { project: "runstack", stack: name },
    organization: "organization",
    directory: ".",
    config,
    registry,
    packages: new Packages(config),
    callbacks,
    diagnostics,
    invokes: ANSWERS,
    policies: gateOf([]),
    create,
    onSecrets: () => undefined,
    onProgress: () => undefined,
  });
  monitor.addTo(server);
  const address = await listen(server);
  const error = await runProgram({ name, config }, address, create === undefined);
  if (error !== undefined) diagnostics.add("error", error.message);
  const faults = diagnostics
    .sorted((text) => text)
    .filter(({ severity, message }) => severity === "error" || UNLISTED.test(message));
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
  return registry;
}

function runProgram(
  { name, config }: StackFile,
  address: string,
  dryRun: boolean,
): Promise<Error | undefined> {
  const request = new proto.RunRequest()
    .setProject("runstack")
    .setStack(name)
    .setOrganization("organization")
    .setParallel(16)
    .setDryrun(dryRun)
    .setMonitorAddress(address)
    .setArgsList([address])
    .setConfigsecretkeysList([...config.secretKeys]);
  for (const [key, value] of Object.entries(config.values)) request.getConfigMap().set(key, value);
  return new Promise((resolve) => {
    // The SDK's runner ends the process at a rejection that nobody awaits; here the program would wait for ever.
    const stop = (error: unknown): void => {
      resolve(error instanceof Error ? error : new Error(String(error)));
    };
    process.once("unhandledRejection", stop);
    void new LanguageServer(program).run({ request }, (error) => {
      process.off("unhandledRejection", stop);
      resolve(error);
    });
  });
}

function judged(
  { config }: StackFile,
  registry: Registry,
  resources: readonly PlannedResource[],
): Promise<readonly Violation[]> {
  const get = (key: string): string | undefined => config.values[`runstack:${key}`];
  const policyContext = readPolicyContext(SYSTEMS, { get });
  const states = registry.all();
  return judge(
    POLICIES,
    {
      resources: states.map((state) => analyzeRequest(state, registry, true)),
      stack: states.map((state) => stackResource(state, registry)),
    },
    { policyContext, configuration: recoveryTimes(resources, policyContext.system) },
  );
}
