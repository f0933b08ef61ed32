/** The pack as the engine runs it: its own process, asked over gRPC. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { ServiceError } from "@grpc/grpc-js";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";

let pack: ChildProcess;
let client: AnalyzerClient;

beforeAll(async () => {
  const runner = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  pack = spawn(process.execPath, [runner, "127.0.0.1:1", __dirname], {
    cwd: __dirname,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify({
        "runstack:environment": "staging",
        "runstack:policyExemptions": '[{"policy":"image-pinned"}]',
      }),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (pack.stdout === null) throw new Error("The pack's output is not piped.");
  const [port] = (await once(pack.stdout, "data")) as [Buffer];
  client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  const ended = once(pack, "exit");
  pack.kill();
  await ended;
});

type Done<Answer> = (error: ServiceError | null, answer: Answer) => void;

function asked<Answer>(ask: (done: Done<Answer>) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}

/** What a container needs beside its image. */
const restricted = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  resources: { requests: { cpu: "130m", memory: "170Mi" }, limits: { memory: "290Mi" } },
};

async function analyze(
  props: Record<string, JavaScriptValue>,
): Promise<readonly proto.AnalyzeDiagnostic[]> {
  const request = new proto.AnalyzeRequest();
  request.setType("kubernetes:core/v1:Pod");
  request.setName("api");
  request.setUrn("urn:pulumi:s::runstack::kubernetes:core/v1:Pod::api");
  request.setOptions(new proto.AnalyzerResourceOptions());
  request.setProperties(Struct.fromJavaScript(props));
  const response = await asked<proto.AnalyzeResponse>((done) => {
    client.analyze(request, done);
  });
  return response.getDiagnosticsList();
}

describe("the pack's process", () => {
  it("introduces itself with every policy and its clause", async () => {
    const info = await asked<proto.AnalyzerInfo>((done) => {
      client.getAnalyzerInfo(new Empty(), done);
    });
    expect(info.getName()).toBe("runstack");
    expect(
      info
        .getPoliciesList()
        .map((policy) => [policy.getName(), policy.getFramework()?.getReference()]),
    ).toEqual(POLICIES.map(({ name, clause }) => [name, clause.reference]));
  });

  it("judges a resource by the stack's configuration", async () => {
    const found = await analyze({ spec: { hostNetwork: true } });
    expect(
      found.map((each) => [each.getPolicyname(), each.getEnforcementlevel(), each.getMessage()]),
    ).toEqual([
      [
        "pod-security-baseline-host-namespaces",
        proto.EnforcementLevel.ADVISORY,
        'Pods must not share the network, process or IPC namespace of their node.\nPod "api": spec.hostNetwork is true; it must be false or missing.',
      ],
    ]);
  });

  it("takes a policy's configuration from the engine", async () => {
    const settings = new proto.PolicyConfig();
    settings.setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
    settings.setProperties(Struct.fromJavaScript({ digest: true }));
    const request = new proto.ConfigureAnalyzerRequest();
    request.getPolicyconfigMap().set("image-pinned", settings);
    await asked<Empty>((done) => {
      client.configure(request, done);
    });
    const [said] = await analyze({
      spec: {
        containers: [{ name: "api", image: "api:1", ...restricted }],
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      },
    });
    expect([said?.getEnforcementlevel(), said?.getMessage()]).toEqual([
      proto.EnforcementLevel.MANDATORY,
      'Images carry a tag other than latest, or a digest.\nPod "api", container "api": spec.containers[0].image is "api:1"; it has no digest: write a version as tag, or a digest.',
    ]);
  });

  it("judges the stack and its exemptions", async () => {
    const response = await asked<proto.AnalyzeResponse>((done) => {
      client.analyzeStack(new proto.AnalyzeStackRequest(), done);
    });
    expect(response.getDiagnosticsList().map((each) => each.getMessage())).toEqual([
      'Every policy exemption names a policy, a resource of the stack, a reason, an owner and a date that has not passed.\nrunstack:policyExemptions[0] has no "resource"; every exemption needs policy, resource, reason, owner, expires.',
    ]);
  });
});
