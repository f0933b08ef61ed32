/**
 * A language host for the real engine where Pulumi's own is not installed: it starts the SDK's runners of programs
 * and policy packs, as the official one does (pulumi/pulumi, `sdk/nodejs/cmd/pulumi-language-nodejs/main.go`).
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/language_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unary } from "../../offline/grpc";
import { PackRunner, type Method } from "./pack-runner";
import { COMMON, serve, toEngine } from "./serve";

const ENGINE = process.argv.filter((argument) => !argument.startsWith("-")).at(-1) ?? "";
/** The exit code of a program that has reported its error itself. */
const REPORTED = 32;

const optionsOf = (options: Struct | undefined): readonly string[] => {
  const given = options?.toJavaScript()["nodeargs"];
  return typeof given === "string" ? given.split(" ").filter((word) => word !== "") : [];
};

const locate = (module: string, from: string): string =>
  createRequire(join(from, "index.js")).resolve(module);

function run(request: proto.RunRequest): Promise<proto.RunResponse> {
  const info = request.getInfo();
  const pwd = request.getPwd();
  const args = [
    ...optionsOf(info?.getOptions()),
    locate("@pulumi/pulumi/cmd/run", pwd),
    ...["--monitor", request.getMonitorAddress()],
    ...["--engine", ENGINE],
    ...["--organization", request.getOrganization()],
    ...["--project", request.getProject()],
    ...["--root-directory", info?.getRootDirectory() ?? pwd],
    ...["--stack", request.getStack()],
    ...["--pwd", pwd],
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ...["--parallel", String(request.getParallel())],
    info?.getEntryPoint() ?? ".",
  ];
  const child = spawn(process.execPath, args, {
    cwd: pwd,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
    // Standard output is the engine's: it has read the port, and shows the rest.
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const response = new proto.RunResponse();
      if (code === REPORTED) response.setBail(true);
      else if (code !== 0) response.setError(`The program ended with exit code ${String(code)}.`);
      resolve(response);
    });
  });
}

/**
 * A policy pack as a plugin. It starts once the engine has told the stack's configuration, because the pack reads
 * it from its environment.
 */
function runPlugin(
  call: ServerWritableStream<proto.RunPluginRequest, proto.RunPluginResponse>,
): void {
  const info = call.request.getInfo();
  const folder = info?.getRootDirectory() ?? call.request.getProgram();
  const runner = new PackRunner(
    [locate("@pulumi/pulumi/cmd/run-policy-pack", folder), ...optionsOf(info?.getOptions())],
    ENGINE,
    folder,
    (text) => call.write(new proto.RunPluginResponse().setStderr(Buffer.from(text))),
  );
  const methods = Object.keys(AnalyzerService).map((name) => {
    const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}` as Method;
    return [name, runner.handler(method)] as const;
  });
  const server = serve(AnalyzerService, Object.fromEntries(methods), (port) => {
    call.write(new proto.RunPluginResponse().setStdout(Buffer.from(`${String(port)}\n`)));
  });
  const end = (): void => {
    runner.stop();
    server.forceShutdown();
  };
  call.on("cancelled", end);
  process.on("exit", end);
}

serve(
  LanguageRuntimeService,
  {
    ...COMMON,
    handshake: unary(() => new proto.LanguageHandshakeResponse()),
    getRequiredPlugins: unary(() => new proto.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new proto.GetRequiredPackagesResponse()),
    run: unary(run),
    runPlugin,
  },
  toEngine,
);
