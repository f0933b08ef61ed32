import * as pulumi from "@pulumi/pulumi";

/** A resource that a component registered with the engine. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: pulumi.CustomResourceOptions;
}

/** Computed properties by type; any other type must not be created. */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "digitalocean:index/spacesBucket:SpacesBucket": {},
  "digitalocean:index/spacesKey:SpacesKey": { accessKey: "key-id", secretKey: "key-secret" },
  "kubernetes:batch/v1:CronJob": {},
  "kubernetes:batch/v1:Job": {},
  "kubernetes:core/v1:Secret": {},
  "kubernetes:core/v1:ServiceAccount": {},
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": {},
};

/**
 * Creates components against a mocked engine and returns, when everything is registered, the
 * resources and the result of `create`. `options` must be passed on.
 */
export async function register<T>(
  create: (options: pulumi.ComponentResourceOptions) => T,
): Promise<{ readonly result: T; readonly resources: readonly Registered[] }> {
  const inputs = new Map<string, Record<string, unknown>>();
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks({
    call: ({ token }) => {
      throw new Error(`nothing may be looked up, but ${token} was`);
    },
    newResource: (resource) => {
      const given = resource.inputs as Record<string, unknown>;
      if (resource.type.startsWith("runstack:")) return { id: undefined, state: given };
      const computed = COMPUTED[resource.type];
      if (computed === undefined) throw new Error(`${resource.type} must not be created here`);
      inputs.set(`${resource.type} ${resource.name}`, given);
      return { id: `${resource.name}-id`, state: { ...given, ...computed } };
    },
  });
  const result = create({
    transformations: [
      ({ type, name, opts }) => {
        options.set(`${type} ${name}`, opts);
        return undefined;
      },
    ],
  });
  await pulumi.runtime.disconnect();
  const resources = [...inputs].map(([id, given]) => {
    const [type = "", name = ""] = id.split(" ");
    return { type, name, inputs: given, options: options.get(id) ?? {} };
  });
  return { result, resources: resources.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** The one resource with this name. */
export function named(resources: readonly Registered[], name: string): Registered {
  const found = resources.filter((resource) => resource.name === name);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new Error(`${name}: ${String(found.length)} of ${resources.map((r) => r.name).join(", ")}`);
}

/** The value of an output, read when it is known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/** The complete message of the error that `act` throws. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing was thrown";
}
