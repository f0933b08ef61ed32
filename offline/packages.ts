/** Packages that a program registers by reference, and the default providers that it needs. */
import { createHash } from "node:crypto";
import type { RegisterPackageRequest } from "@pulumi/pulumi/proto/resource_pb";
import {
  checkVersion,
  defaultProvider,
  deniedPackages,
  requestedPackage,
  requestKey,
  type DefaultProvider,
  type ProviderRequest,
} from "./providers";
import type { StackConfig } from "./stack-files";

/** Registers a provider and resolves to its reference. */
type RegisterProvider = (provider: DefaultProvider) => Promise<string>;

export class Packages {
  private readonly references = new Map<string, ProviderRequest>();
  private readonly defaults = new Map<string, Promise<string>>();
  private readonly denied: readonly string[];

  constructor(private readonly config: StackConfig) {
    this.denied = deniedPackages(config);
  }

  /** The reference depends only on the content, so that it is the same in every run. */
  register(request: RegisterPackageRequest): string {
    if (request.getName() === "") throw new Error("package name is empty");
    checkVersion(request.getVersion(), `package ${request.getName()}`);
    const parameterization = request.getParameterization() ?? request.getExtension$();
    const provider: ProviderRequest = {
      plugin: request.getName(),
      version: request.getVersion(),
      url: request.getDownloadUrl().replace(/\/$/u, ""),
      ...(request.getParameterization() === undefined || parameterization === undefined
        ? {}
        : {
            parameterization: {
              name: parameterization.getName(),
              version: parameterization.getVersion(),
              value: parameterization.getValue_asB64(),
            },
          }),
    };
    const content = JSON.stringify([provider, parameterization?.getValue_asB64() ?? ""]);
    const reference = createHash("sha256").update(content).digest("hex");
    this.references.set(reference, provider);
    return reference;
  }

  /** The requested provider: by reference, or by package, version and download URL. */
  request(pkg: string, version: string, url: string, reference: string): ProviderRequest {
    if (reference !== "") {
      const request = this.references.get(reference);
      if (request === undefined) throw new Error(`unknown provider package '${reference}'`);
      return request;
    }
    checkVersion(version, `version of package ${pkg}`);
    return { plugin: pkg, version, url: url.replace(/\/$/u, "") };
  }

  /** Resolves to the default provider's reference, or undefined if configuration disables it. */
  defaultReference(
    request: ProviderRequest,
    register: RegisterProvider,
  ): Promise<string | undefined> {
    const pkg = requestedPackage(request);
    if (pkg !== "pulumi" && (this.denied.includes("*") || this.denied.includes(pkg))) {
      return Promise.resolve(undefined);
    }
    const key = requestKey(request);
    let reference = this.defaults.get(key);
    if (reference === undefined) {
      reference = register(defaultProvider(request, this.config));
      this.defaults.set(key, reference);
    }
    return reference;
  }
}
