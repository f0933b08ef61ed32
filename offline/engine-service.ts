/** The Engine service: log messages and the stack's root resource. */
import type * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  LogSeverity,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
  type LogRequest,
  type SetRootResourceRequest,
} from "@pulumi/pulumi/proto/engine_pb";
import type { DiagnosticLog } from "./diagnostics";
import { unary } from "./grpc";

const SEVERITIES = {
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
} as const;

/** Serves one process. Drops debug and progress messages. */
export function addEngineService(server: grpc.Server, diagnostics: DiagnosticLog): void {
  let root = "";
  const empty = new Empty();
  server.addService(EngineService, {
    log: unary((request: LogRequest) => {
      const severity = request.getSeverity();
      if (severity !== LogSeverity.DEBUG && !request.getEphemeral()) {
        diagnostics.add(SEVERITIES[severity], request.getMessage(), request.getUrn());
      }
      return empty;
    }),
    getRootResource: unary(() => new GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    startDebugging: unary(() => empty),
    // Only the version of the deploying engine matters.
    requirePulumiVersion: unary(() => new RequirePulumiVersionResponse()),
  });
}
