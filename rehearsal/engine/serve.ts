/** What the plugins of a test's engine have in common: a gRPC server whose port the engine reads. */
import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { CHANNEL_OPTIONS, unary } from "../../offline/grpc";

/** Serves on a free port of the loopback interface. */
export function serve(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
  announce: (port: number) => void,
): Server {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(service, implementation);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    announce(port);
  });
  return server;
}

/** The engine reads the port from the first line of a plugin's output. */
export const toEngine = (port: number): void => {
  process.stdout.write(`${String(port)}\n`);
};

/** Methods that every plugin has. */
export const COMMON: UntypedServiceImplementation = {
  cancel: unary(() => new Empty()),
  getPluginInfo: unary(() => new PluginInfo().setVersion("1.0.0")),
};
