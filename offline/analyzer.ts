/**
 * Runs a policy pack in its own process and calls its Analyzer service as the engine does
 * (pulumi/pulumi, `sdk/go/common/resource/plugin/analyzer_plugin.go`).
 */
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeStackRequest,
  AnalyzerHandshakeRequest,
  AnalyzerStackConfigureRequest,
  ConfigureAnalyzerRequest,
  type AnalyzeRequest,
  type AnalyzeResponse,
  type AnalyzerInfo,
  type AnalyzerResource,
  type RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { CHANNEL_OPTIONS } from "./grpc";
import {
  configMessages,
  effectiveConfig,
  type Effective,
  type PolicyFacts,
  type PolicyPackConfig,
} from "./policy-config";
import type { Spawned } from "./processes";
import type { Target } from "./runner";

class PackError extends Error {
  constructor(
    message: string,
    readonly code?: grpc.status,
  ) {
    super(message);
  }
}

type Done<Response> = (error: grpc.ServiceError | null, response: Response) => void;

export class Analyzer {
  readonly config: ReadonlyMap<string, Effective>;

  private constructor(
    private readonly client: AnalyzerClient,
    readonly info: AnalyzerInfo,
    private readonly given: PolicyPackConfig,
  ) {
    this.config = effectiveConfig(info, given);
  }

  /** Connects to a started pack; `onOutput` receives its output except for its port. */
  static async connect(
    pack: Spawned,
    options: { packDir: string; address: string; target: Target; config: PolicyPackConfig },
  ): Promise<Analyzer> {
    const port = await announcedPort(pack);
    const client = new AnalyzerClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      CHANNEL_OPTIONS,
    );
    const handshake = new AnalyzerHandshakeRequest()
      .setEngineAddress(options.address)
      .setRootDirectory(options.packDir)
      .setProgramDirectory(options.packDir);
    await optional(ask((done) => client.handshake(handshake, done)));
    await optional(ask((done) => client.configureStack(stackConfiguration(options.target), done)));
    const [info] = await Promise.all([
      ask<AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done)),
      ask((done) => client.getPluginInfo(new Empty(), done)),
    ]);
    const analyzer = new Analyzer(client, info, options.config);
    await analyzer.configure(analyzer.config);
    return analyzer;
  }

  /** Properties of policies beside the given ones, which win. */
  async inform(facts: PolicyFacts): Promise<void> {
    await this.configure(effectiveConfig(this.info, this.given, facts));
  }

  private async configure(config: ReadonlyMap<string, Effective>): Promise<void> {
    if (!this.info.getSupportsconfig()) return;
    const request = new ConfigureAnalyzerRequest();
    for (const [name, message] of configMessages(config))
      request.getPolicyconfigMap().set(name, message);
    await ask((done) => this.client.configure(request, done));
  }

  remediate(request: AnalyzeRequest): Promise<RemediateResponse> {
    return ask((done) => this.client.remediate(request, done));
  }

  analyze(request: AnalyzeRequest): Promise<AnalyzeResponse> {
    return ask((done) => this.client.analyze(request, done));
  }

  analyzeStack(resources: AnalyzerResource[]): Promise<AnalyzeResponse> {
    const request = new AnalyzeStackRequest().setResourcesList(resources);
    return ask((done) => this.client.analyzeStack(request, done));
  }

  close(): void {
    this.client.close();
  }
}

function ask<Response>(send: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(new PackError(error.details, error.code));
    });
  });
}

/** An older pack does not implement every method. */
async function optional(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const known = error instanceof PackError && error.code === grpc.status.UNIMPLEMENTED;
    if (!known) throw error;
  }
}

function stackConfiguration(target: Target): AnalyzerStackConfigureRequest {
  const request = new AnalyzerStackConfigureRequest()
    .setStack(target.stack)
    .setProject(target.project)
    .setOrganization(target.organization)
    .setDryRun(true)
    .setConfigSecretKeysList([...target.config.secretKeys]);
  for (const [key, value] of Object.entries(target.config.values))
    request.getConfigMap().set(key, value);
  return request;
}

/** A pack prints its port on its first line of output. */
function announcedPort(pack: Spawned): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    pack.process.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const port = /^[^\S\n]*(\d+)[^\S\n]*\n/mu.exec(text)?.[1];
      if (port !== undefined) resolve(port);
    });
    pack.ended.then(
      ({ code, signal }) => {
        reject(
          new PackError(
            `The policy pack ended with ${signal ?? `exit code ${String(code)}`} instead of serving.`,
          ),
        );
      },
      (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
