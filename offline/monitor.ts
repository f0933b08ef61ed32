/** The ResourceMonitor service: the engine's interface for programs. */
import type * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import {
  DeploymentInfo,
  ReadResourceResponse,
  RegisterPackageResponse,
  SupportsFeatureResponse,
  type ReadResourceRequest,
  type RegisterPackageRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type ResourceCallRequest,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { unary } from "./grpc";
import { InvokeService } from "./invoke-service";
import { engineView, secretTexts } from "./properties";
import { Registrar } from "./registration";
import { NO_OPTIONS, type Registration } from "./registry";
import type { RunContext } from "./run-context";
import { createUrn, packageOf } from "./urn";
import { fromStruct, mapObject, toStruct } from "./wire";

/**
 * The features of the engine version that matches the program's library. Hooks are accepted but never called.
 * Otherwise the library would tell the user to update an engine that supports them.
 */
const FEATURES: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "replacementTrigger",
  "deletedWith",
  "replaceWith",
  "transforms",
  "invokeTransforms",
  "parameterization",
  "resourceHooks",
  "errorHooks",
  "sendsOptionsToHooks",
]);

export class Monitor {
  private readonly registrar: Registrar;
  private readonly invokes: InvokeService;
  private readonly outstanding = new Set<{ readonly label: string }>();
  private signalled = false;

  constructor(private readonly context: RunContext) {
    this.registrar = new Registrar(context);
    this.invokes = new InvokeService(context, this.registrar);
  }

  /** Whether the program has signalled that it has nothing more to register. */
  get completed(): boolean {
    return this.signalled;
  }

  /** What the program waits for: requests without a response, then components without outputs. */
  waitingFor(): string[] {
    const unfinished = this.context.registry
      .all()
      .filter((state) => !state.custom && !state.outputsRegistered)
      .map((state) => `the outputs of ${state.urn}`);
    return [...[...this.outstanding].map((call) => call.label), ...unfinished].sort();
  }

  addTo(server: grpc.Server): void {
    server.addService(ResourceMonitorService, {
      ...this.resourceHandlers(),
      ...this.callbackHandlers(),
      supportsFeature: unary((request: SupportsFeatureRequest) =>
        new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
      ),
      getDeploymentInfo: unary(() => this.deploymentInfo()),
      registerPackage: unary((request: RegisterPackageRequest) =>
        new RegisterPackageResponse().setRef(this.context.packages.register(request)),
      ),
      signalAndWaitForShutdown: unary(() => {
        this.signalled = true;
        return new Empty();
      }),
    });
  }

  /** Registrations, reads and calls that a program waits for. */
  private resourceHandlers() {
    return {
      registerResource: unary((request: RegisterResourceRequest) =>
        this.track(`the registration of ${request.getType()} '${request.getName()}'`, () =>
          this.registrar.register(request),
        ),
      ),
      registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) =>
        this.registerOutputs(request),
      ),
      readResource: unary((request: ReadResourceRequest) =>
        this.track(`the read of ${request.getType()} '${request.getName()}'`, () =>
          this.read(request),
        ),
      ),
      invoke: unary((request: ResourceInvokeRequest) =>
        this.track(`the call of ${request.getTok()}`, () => this.invokes.invoke(request)),
      ),
      call: unary((request: ResourceCallRequest) => refuseCall(request)),
    };
  }

  /** Functions that the engine calls back: transforms, and hooks, which a plan never runs. */
  private callbackHandlers() {
    return {
      registerStackTransform: unary((callback: Callback) => {
        this.registrar.addStackTransform(callback);
        return new Empty();
      }),
      registerStackInvokeTransform: unary((callback: Callback) => {
        this.invokes.addTransform(callback);
        return new Empty();
      }),
      registerResourceHook: unary(() => new Empty()),
      registerErrorHook: unary(() => new Empty()),
    };
  }

  private async track<T>(label: string, work: () => Promise<T>): Promise<T> {
    const call = { label };
    this.outstanding.add(call);
    try {
      return await work();
    } finally {
      this.outstanding.delete(call);
    }
  }

  private deploymentInfo(): DeploymentInfo {
    const { deployment, organization, config, create } = this.context;
    const info = new DeploymentInfo()
      .setProject(deployment.project)
      .setStack(deployment.stack)
      .setOrganization(organization)
      .setConfigsecretkeysList([...config.secretKeys])
      .setDryrun(create === undefined);
    for (const [key, value] of Object.entries(config.values)) info.getConfigMap().set(key, value);
    return info;
  }

  private registerOutputs(request: RegisterResourceOutputsRequest): Empty {
    const state = this.context.registry.get(request.getUrn());
    if (state === undefined) {
      throw new Error(
        `cannot register the outputs of ${request.getUrn()}: no such resource is registered`,
      );
    }
    if (state.outputsRegistered) {
      const message =
        "The outputs of this component are registered twice; registerOutputs may be called once.";
      this.context.diagnostics.add("error", message, state.urn);
    }
    const outputs = mapObject(fromStruct(request.getOutputs()), engineView);
    this.context.onSecrets(secretTexts(outputs));
    state.outputs = outputs;
    state.outputsRegistered = true;
    return new Empty();
  }

  /** In a preview the contents of the cloud are unknown, but the read is recorded. */
  private async read(request: ReadResourceRequest): Promise<ReadResourceResponse> {
    const type = request.getType();
    const name = request.getName();
    if (type === "pulumi:pulumi:StackReference") {
      throw new Error(
        `StackReference '${name}' reads the outputs of another stack, which an offline plan cannot know. ` +
          "Pass the values in through configuration.",
      );
    }
    const urn = createUrn(this.context.deployment, request.getParent(), type, name);
    const provider =
      request.getProvider() ||
      (await this.registrar.defaultProvider(
        packageOf(type),
        request.getVersion(),
        request.getPlugindownloadurl(),
        request.getPackageref(),
        urn,
      ));
    const { outputs } = await this.registrar.settle(registrationOf(request, urn, provider));
    const found = this.context.create === undefined ? {} : outputs;
    return new ReadResourceResponse().setUrn(urn).setProperties(toStruct(found));
  }
}

function registrationOf(request: ReadResourceRequest, urn: string, provider: string): Registration {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: true,
    external: true,
    protect: undefined,
    retainOnDelete: undefined,
    provider,
    inputs: mapObject(fromStruct(request.getProperties()), engineView),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: new Map(),
    options: {
      ...NO_OPTIONS,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      importId: request.getId(),
      version: request.getVersion(),
    },
    providers: new Map(),
    transforms: [],
  };
}

function refuseCall(request: ResourceCallRequest): never {
  throw new Error(
    `The program calls the method ${request.getTok()}, which the plugin of package '${packageOf(request.getTok())}' ` +
      "implements; an offline plan runs no plugins. Pass the value in through configuration, or use `pulumi preview`.",
  );
}
