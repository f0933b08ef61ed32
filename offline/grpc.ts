/** Shared code of the host's services. */
import * as grpc from "@grpc/grpc-js";
import { messageOf } from "./errors";

/** The engine's own limit on one message, in bytes: 400 MiB. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

export const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": LARGEST_MESSAGE,
  "grpc.max_send_message_length": LARGEST_MESSAGE,
};

/** Turns a function into a handler. An error that it throws becomes the call's status. */
export function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const fail = (thrown: unknown): void => {
      callback({ code: grpc.status.UNKNOWN, details: messageOf(thrown) });
    };
    try {
      const response = handle(call.request);
      if (response instanceof Promise)
        response.then((value) => {
          callback(null, value);
        }, fail);
      else callback(null, response);
    } catch (thrown) {
      fail(thrown);
    }
  };
}

/** Listens on a free port of the loopback interface only. */
export function listen(server: grpc.Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(`127.0.0.1:${String(port)}`);
      else reject(error);
    });
  });
}
