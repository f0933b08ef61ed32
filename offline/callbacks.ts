/** Calls the program's transforms over the Callback service. */
import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type Callback } from "@pulumi/pulumi/proto/callback_pb";
import {
  TransformInvokeRequest,
  TransformInvokeResponse,
  TransformRequest,
  TransformResponse,
  type TransformInvokeOptions,
  type TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb";
import { CHANNEL_OPTIONS } from "./grpc";
import { fromStruct, toStruct, type WireObject } from "./wire";

interface TransformTarget {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
}

interface Transformed<Options> {
  readonly props: WireObject;
  readonly options: Options;
}

/** Connections to the callback servers of one program, one per address. */
export class Callbacks {
  private readonly clients = new Map<string, CallbacksClient>();

  /** Runs a resource transform. */
  async transform(
    callback: Callback,
    target: TransformTarget,
    current: Transformed<TransformResourceOptions>,
  ): Promise<Transformed<TransformResourceOptions>> {
    const request = new TransformRequest()
      .setType(target.type)
      .setName(target.name)
      .setCustom(target.custom)
      .setParent(target.parent)
      .setProperties(toStruct(current.props))
      .setOptions(current.options);
    const bytes = await this.invoke(callback, request.serializeBinary());
    const response = TransformResponse.deserializeBinary(bytes);
    return {
      props: response.hasProperties() ? fromStruct(response.getProperties()) : current.props,
      options: response.getOptions() ?? current.options,
    };
  }

  /** Runs an invoke transform. */
  async transformInvoke(
    callback: Callback,
    token: string,
    current: Transformed<TransformInvokeOptions>,
  ): Promise<Transformed<TransformInvokeOptions>> {
    const request = new TransformInvokeRequest()
      .setToken(token)
      .setArgs(toStruct(current.props))
      .setOptions(current.options);
    const bytes = await this.invoke(callback, request.serializeBinary());
    const response = TransformInvokeResponse.deserializeBinary(bytes);
    return {
      props: response.hasArgs() ? fromStruct(response.getArgs()) : current.props,
      options: response.getOptions() ?? current.options,
    };
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }

  private invoke(callback: Callback, request: Uint8Array): Promise<Uint8Array> {
    const message = new CallbackInvokeRequest().setToken(callback.getToken()).setRequest(request);
    return new Promise((resolve, reject) => {
      this.client(callback.getTarget()).invoke(message, (error, response) => {
        if (error === null) resolve(response.getResponse_asU8());
        else reject(new Error(error.details));
      });
    });
  }

  private client(target: string): CallbacksClient {
    let client = this.clients.get(target);
    if (client === undefined) {
      client = new CallbacksClient(target, grpc.credentials.createInsecure(), CHANNEL_OPTIONS);
      this.clients.set(target, client);
    }
    return client;
  }
}
