/** For tests: the pack as the engine runs it, in its own process, called over gRPC. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { firstLine } from "../../lib/first-line";
import { violationsIn, requestOf, stackResourceOf, type Fixture, type Violation } from "./index";

type Done<Answer> = (error: ServiceError | null, answer: Answer) => void;

export interface PolicySetting {
  readonly level: "advisory" | "mandatory" | "disabled" | "remediate";
  readonly properties?: Readonly<Record<string, JavaScriptValue>>;
}

const PACK = dirname(__dirname);

const LEVELS = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
  remediate: proto.EnforcementLevel.REMEDIATE,
} as const;

export class PackProcess {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  /** @param configuration the stack's, by full key; non-strings are written as JSON. */
  static async start(configuration: Readonly<Record<string, string>>): Promise<PackProcess> {
    const runner = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", PACK], {
      cwd: PACK,
      env: { ...process.env, PULUMI_CONFIG: JSON.stringify(configuration) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const address = `127.0.0.1:${await firstLine(pack)}`;
    return new PackProcess(pack, new AnalyzerClient(address, credentials.createInsecure()));
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }

  info(): Promise<proto.AnalyzerInfo> {
    return asked((done) => this.client.getAnalyzerInfo(new Empty(), done));
  }

  /** Replaces the previous configuration, as the engine does. */
  async configure(settings: Readonly<Record<string, PolicySetting>>): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [policy, { level, properties = {} }] of Object.entries(settings)) {
      const config = new proto.PolicyConfig()
        .setEnforcementlevel(LEVELS[level])
        .setProperties(Struct.fromJavaScript({ ...properties }));
      request.getPolicyconfigMap().set(policy, config);
    }
    await asked<Empty>((done) => this.client.configure(request, done));
  }

  async analyze(resource: Fixture): Promise<readonly Violation[]> {
    const request = requestOf(resource);
    const response = await asked<proto.AnalyzeResponse>((done) =>
      this.client.analyze(request, done),
    );
    return violationsIn(response, request.getUrn());
  }

  /** The properties after each remediation, on the wire, with the policy. */
  async remediate(
    resource: Fixture,
  ): Promise<readonly { readonly policy: string; readonly properties: unknown }[]> {
    const response = await asked<proto.RemediateResponse>((done) =>
      this.client.remediate(requestOf(resource), done),
    );
    return response.getRemediationsList().map((remediation) => ({
      policy: remediation.getPolicyname(),
      properties: remediation.getProperties()?.toJavaScript(),
    }));
  }

  async analyzeStack(resources: readonly Fixture[]): Promise<readonly Violation[]> {
    const request = new proto.AnalyzeStackRequest().setResourcesList(
      resources.map(stackResourceOf),
    );
    const response = await asked<proto.AnalyzeResponse>((done) =>
      this.client.analyzeStack(request, done),
    );
    return violationsIn(response, "");
  }
}

function asked<Answer>(ask: (done: Done<Answer>) => unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}
