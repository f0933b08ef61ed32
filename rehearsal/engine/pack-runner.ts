/** The process of a policy pack behind the engine's calls to it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { credentials, status, type handleUnaryCall, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { messageOf } from "../../offline/errors";
import { CHANNEL_OPTIONS } from "../../offline/grpc";
import { firstLine } from "../../lib/first-line";

type Call = (request: object, done: (error: ServiceError | null, answer: object) => void) => void;
/** A method of the Analyzer service, as its client writes it. */
export type Method = keyof AnalyzerClient;

export class PackRunner {
  private child: ChildProcess | undefined;
  private client: Promise<AnalyzerClient> | undefined;

  /** @param report gets what the pack writes about itself */
  constructor(
    private readonly runner: readonly string[],
    private readonly engine: string,
    private readonly folder: string,
    private readonly report: (text: string) => void,
  ) {}

  /** Passes a call on, and the answer back. */
  handler(method: Method): handleUnaryCall<object, object> {
    return ({ request }, callback) => {
      // An engine whose pack does not know the handshake goes on without it.
      if (method === "handshake") {
        callback({ code: status.UNIMPLEMENTED });
        return;
      }
      const config = method === "configureStack" ? request : undefined;
      this.client ??= this.start(config as AnalyzerStackConfigureRequest | undefined);
      this.client.then(
        (client) => {
          (client[method] as unknown as Call).call(client, request, callback);
        },
        (error: unknown) => {
          callback({ code: status.INTERNAL, details: messageOf(error) });
        },
      );
    };
  }

  stop(): void {
    this.child?.kill();
  }

  private async start(config: AnalyzerStackConfigureRequest | undefined): Promise<AnalyzerClient> {
    const [runner = "", ...args] = this.runner;
    const child = spawn(process.execPath, [runner, ...args, this.engine, this.folder], {
      cwd: this.folder,
      env: { ...process.env, ...environmentOf(config) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    child.stderr.on("data", (data: Buffer) => {
      this.report(data.toString());
    });
    await once(child, "spawn");
    const port = await firstLine(child);
    return new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), CHANNEL_OPTIONS);
  }
}

const environmentOf = (config: AnalyzerStackConfigureRequest | undefined): NodeJS.ProcessEnv =>
  config === undefined
    ? {}
    : {
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config.getConfigMap().toArray())),
        PULUMI_NODEJS_ORGANIZATION: config.getOrganization(),
        PULUMI_NODEJS_PROJECT: config.getProject(),
        PULUMI_NODEJS_STACK: config.getStack(),
        PULUMI_NODEJS_DRY_RUN: String(config.getDryRun()),
      };
