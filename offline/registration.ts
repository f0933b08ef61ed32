/**
 * Registers resources as the engine does in a first preview (pulumi/pulumi,
 * `pkg/resource/deploy/source_eval.go`): inheritance, transforms, providers and responses.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import {
  RegisterResourceResponse,
  type RegisterResourceRequest,
  type TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb";
import { draftOf, settledDraft, upgraded, type Draft } from "./draft";
import { recordedOptions } from "./options";
import { assetPaths, containsUnknown, engineView, secretOf, secretTexts } from "./properties";
import { withPlugin, type DefaultProvider } from "./providers";
import { NO_OPTIONS, type Registration } from "./registry";
import type { RunContext } from "./run-context";
import type { Create, Created } from "./update";
import { createUrn, isProviderType, packageOf, parseReference, typeOf } from "./urn";
import {
  isObject,
  mapObject,
  signatureOf,
  toStruct,
  SECRET_VALUE,
  UNKNOWN_VALUE,
  type Wire,
  type WireObject,
} from "./wire";

const STASH = "pulumi:index:Stash";

export class Registrar {
  private readonly stackTransforms: Callback[] = [];

  constructor(private readonly context: RunContext) {}

  addStackTransform(callback: Callback): void {
    this.stackTransforms.push(callback);
  }

  async register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    refuseRemote(request);
    this.inherit(request);
    const draft = await this.transformed(request);
    const registration = await this.registration(request, draft);
    const { id, outputs } = await this.settle(registration);
    const custom = request.getCustom();
    return (
      new RegisterResourceResponse()
        .setUrn(registration.urn)
        .setId(custom ? id : "")
        // A component's outputs are its own to set.
        .setObject(toStruct(custom ? outputs : {}))
    );
  }

  /** Runs policies, stores the resource, and returns its identifier and outputs. */
  async settle(registration: Registration): Promise<Created> {
    const { registry, policies, diagnostics } = this.context;
    this.context.onSecrets(secretTexts(registration.inputs));
    const pending = { ...registration, outputs: {}, outputsRegistered: false };
    const inputs = await policies.remediate(pending);
    const final = { ...registration, inputs };
    const created = this.createdFrom(final);
    const { outputs } = created;
    if (!registry.add(final, registration.custom ? outputs : {})) {
      const message = `Duplicate resource URN '${registration.urn}'; try giving it a unique name`;
      diagnostics.add("error", message, registration.urn);
      return created;
    }
    policies.analyze({ ...final, outputs, outputsRegistered: false });
    this.context.onProgress(registry.size());
    return created;
  }

  /**
   * The reference of the default provider for a package; reports an error if configuration disables it.
   */
  async defaultProvider(
    pkg: string,
    version: string,
    url: string,
    packageRef: string,
    what: string,
  ): Promise<string> {
    const request = this.context.packages.request(pkg, version, url, packageRef);
    const reference = await this.context.packages.defaultReference(request, (provider) =>
      this.registerDefault(provider),
    );
    if (reference !== undefined) return reference;
    const message = `Default provider for '${pkg}' disabled. '${what}' must use an explicit provider.`;
    this.context.diagnostics.add("error", message, what);
    return "";
  }

  /** Children inherit `deletedWith`, `protect`, `retainOnDelete` and a custom parent's provider. */
  private inherit(request: RegisterResourceRequest): void {
    const urn = request.getParent();
    if (urn === "") return;
    const parent = this.context.registry.get(urn);
    if (parent === undefined) throw new Error(`could not find parent resource ${urn}`);
    if (request.getDeletedwith() === "") request.setDeletedwith(parent.options.deletedWith);
    if (!request.hasProtect() && parent.protect !== undefined) request.setProtect(parent.protect);
    if (!request.hasRetainondelete() && parent.retainOnDelete !== undefined) {
      request.setRetainondelete(parent.retainOnDelete);
    }
    if (request.getProvider() === "" && parent.provider !== "") {
      const pkg = packageOf(typeOf(parseReference(parent.provider).urn));
      if (!request.getCustom() || pkg === packageOf(request.getType()))
        request.setProvider(parent.provider);
    }
  }

  /** The resource's transforms run first, then its parents', then the stack's. */
  private async transformed(request: RegisterResourceRequest): Promise<Draft> {
    const provider = request.getCustom() ? this.explicitProvider(request) : request.getProvider();
    const draft = draftOf(request, provider);
    const own = request.getTransformsList();
    const transforms = [...own];
    for (let urn = request.getParent(); urn !== "";) {
      const parent = this.context.registry.get(urn);
      transforms.push(...(parent?.transforms ?? []));
      urn = parent?.parent ?? "";
    }
    transforms.push(...this.stackTransforms);
    if (transforms.length === 0) return settledDraft(draft, false);
    draft.props = upgraded(draft, own.length > 0);
    const target = {
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      parent: request.getParent(),
    };
    for (const transform of transforms) {
      const result = await this.context.callbacks.transform(transform, target, draft);
      draft.props = result.props;
      draft.options = result.options;
    }
    return settledDraft(draft, own.length > 0);
  }

  private async registration(
    request: RegisterResourceRequest,
    draft: Draft,
  ): Promise<Registration> {
    const { options } = draft;
    const type = request.getType();
    const custom = request.getCustom();
    const urn = createUrn(this.context.deployment, request.getParent(), type, request.getName());
    const recorded = recordedOptions(options);
    return {
      urn,
      type,
      name: request.getName(),
      parent: request.getParent(),
      custom,
      external: false,
      protect: options.getProtect(),
      retainOnDelete: options.getRetainOnDelete(),
      provider: custom && !isProviderType(type) ? await this.provider(request, options, urn) : "",
      inputs: this.inputsOf(request, draft),
      dependencies: [...draft.dependencies].sort(),
      propertyDependencies: new Map(
        [...draft.propertyDependencies].map(([key, urns]) => [key, [...urns].sort()]),
      ),
      options: recorded,
      providers: custom ? new Map() : this.providersOf(request.getParent(), options),
      transforms: request.getTransformsList(),
    };
  }

  private async provider(
    request: RegisterResourceRequest,
    options: TransformResourceOptions,
    urn: string,
  ): Promise<string> {
    const given = options.getProvider();
    if (given === "") {
      const pkg = packageOf(request.getType());
      return this.defaultProvider(
        pkg,
        options.getVersion(),
        options.getPluginDownloadUrl(),
        request.getPackageref(),
        urn,
      );
    }
    const provider = this.context.registry.get(parseReference(given).urn);
    if (provider === undefined)
      throw new Error(`unknown provider '${given}' for resource '${urn}'`);
    return given;
  }

  /** The request's own provider, or the package's provider from its map or its parent's map. */
  private explicitProvider(request: RegisterResourceRequest): string {
    const pkg = packageOf(request.getType());
    const parent = this.context.registry.get(request.getParent());
    return (
      request.getProvider() ||
      (request.getProvidersMap().get(pkg) ?? parent?.providers.get(pkg) ?? "")
    );
  }

  private providersOf(
    parent: string,
    options: TransformResourceOptions,
  ): ReadonlyMap<string, string> {
    const providers = new Map(this.context.registry.get(parent)?.providers ?? []);
    options.getProvidersMap().forEach((reference, pkg) => providers.set(pkg, reference));
    return providers;
  }

  private inputsOf(request: RegisterResourceRequest, draft: Draft): WireObject {
    const inputs = mapObject(draft.props, engineView);
    for (const path of assetPaths(inputs)) {
      if (existsSync(resolve(this.context.directory, path))) continue;
      throw new Error(
        `${request.getType()} '${request.getName()}' has an asset ${JSON.stringify(path)}, which does not exist in ` +
          `${this.context.directory}. Create the file, or correct the path.`,
      );
    }
    if (!isProviderType(request.getType())) return inputs;
    const { options } = draft;
    return withPlugin(
      inputs,
      this.context.packages.request(
        packageOf(request.getType()),
        options.getVersion(),
        options.getPluginDownloadUrl(),
        request.getPackageref(),
      ),
    );
  }

  private createdFrom(registration: Registration): Created {
    const { create } = this.context;
    const plays = registration.custom && !isProviderType(registration.type);
    const { id, outputs } =
      plays && create !== undefined
        ? create(registration)
        : { id: idOf(registration, create), outputs: this.previewed(registration) };
    const secret = new Set(registration.options.additionalSecretOutputs);
    // What only the cloud computes is a secret too, before it is known.
    const computed = [...secret].filter((key) => !(key in outputs));
    return {
      id,
      outputs: {
        ...mapObject(outputs, (value, key) =>
          secret.has(key) && !isSecret(value) ? secretOf(value) : value,
        ),
        ...Object.fromEntries(computed.map((key) => [key, secretOf(UNKNOWN_VALUE)])),
      },
    };
  }

  /** Inputs are returned as outputs, unless the provider cannot be configured yet. */
  private previewed({ type, inputs, provider }: Registration): WireObject {
    if (provider !== "") {
      const state = this.context.registry.get(parseReference(provider).urn);
      if (state !== undefined && containsUnknown(state.inputs)) return {};
    }
    return type === STASH ? { ...inputs, output: inputs["input"] ?? null } : inputs;
  }

  private async registerDefault(provider: DefaultProvider): Promise<string> {
    const urn = createUrn(this.context.deployment, "", provider.type, provider.name);
    await this.settle({
      urn,
      type: provider.type,
      name: provider.name,
      parent: "",
      custom: true,
      external: false,
      protect: undefined,
      retainOnDelete: undefined,
      provider: "",
      inputs: provider.inputs,
      dependencies: [],
      propertyDependencies: new Map(),
      options: NO_OPTIONS,
      providers: new Map(),
      transforms: [],
    });
    return `${urn}::${UNKNOWN_VALUE}`;
  }
}

const isSecret = (value: Wire): boolean => isObject(value) && signatureOf(value) === SECRET_VALUE;

/** A new resource's id is unknown, which is empty in the protocol; a provider's id is a token. */
function idOf(registration: Registration, create: Create | undefined): string {
  if (isProviderType(registration.type)) return create === undefined ? UNKNOWN_VALUE : "configured";
  return registration.options.importId;
}

function refuseRemote(request: RegisterResourceRequest): void {
  if (!request.getRemote()) return;
  const [pkg] = request.getType().split(":");
  throw new Error(
    `${request.getType()} '${request.getName()}' is a component that the plugin of package '${pkg ?? ""}' builds; ` +
      "an offline plan runs no plugins. Use resources of the package directly, or plan with `pulumi preview`.",
  );
}
