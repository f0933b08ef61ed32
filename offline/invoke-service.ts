/** Answers data source calls from a declared table only. */
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
  TransformInvokeOptions,
  type ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { engineView } from "./properties";
import type { Registrar } from "./registration";
import type { RunContext } from "./run-context";
import { packageOf } from "./urn";
import { fromStruct, mapObject, toStruct, type WireObject } from "./wire";

const GET_RESOURCE = "pulumi:pulumi:getResource";

export class InvokeService {
  private readonly transforms: Callback[] = [];

  constructor(
    private readonly context: RunContext,
    private readonly registrar: Registrar,
  ) {}

  addTransform(callback: Callback): void {
    this.transforms.push(callback);
  }

  async invoke(request: ResourceInvokeRequest): Promise<InvokeResponse> {
    const token = request.getTok();
    let current = { props: fromStruct(request.getArgs()), options: invokeOptions(request) };
    for (const transform of this.transforms) {
      current = await this.context.callbacks.transformInvoke(transform, token, current);
    }
    const args = mapObject(current.props, engineView);
    if (token === GET_RESOURCE) return answer(this.getResource(args));
    const invoke = Object.hasOwn(this.context.invokes, token)
      ? this.context.invokes[token]
      : undefined;
    if (invoke === undefined) throw this.undeclared(token);
    if (current.options.getProvider() === "") {
      const { options } = current;
      await this.registrar.defaultProvider(
        packageOf(token),
        options.getVersion(),
        options.getPluginDownloadUrl(),
        request.getPackageref(),
        token,
      );
    }
    return answer(invoke(args));
  }

  private getResource(args: WireObject): WireObject {
    const urn = args["urn"];
    const state = typeof urn === "string" ? this.context.registry.get(urn) : undefined;
    if (state === undefined) throw new Error(`unknown resource ${JSON.stringify(urn)}`);
    return {
      urn: state.urn,
      id: state.external ? state.options.importId : "",
      state: state.outputs,
    };
  }

  /** Recorded as well as thrown, so that the plan fails even if the program catches the error. */
  private undeclared(token: string): Error {
    const message =
      `The program calls the data source ${token} of package '${packageOf(token)}', but an offline plan has no ` +
      "declared answer for it. Pass the value in through configuration, or declare the answer in the table of invokes.";
    this.context.diagnostics.add("error", message);
    return new Error(message);
  }
}

function invokeOptions(request: ResourceInvokeRequest): TransformInvokeOptions {
  return new TransformInvokeOptions()
    .setProvider(request.getProvider())
    .setVersion(request.getVersion())
    .setPluginDownloadUrl(request.getPlugindownloadurl());
}

const answer = (result: WireObject): InvokeResponse =>
  new InvokeResponse().setReturn(toStruct(result));
