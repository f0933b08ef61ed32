/**
 * For tests: policies evaluated by `@pulumi/policy`'s own request handlers, on encoded properties,
 * so that unknowns, secrets, proxies, enforcement levels and messages are the library's own.
 */
import { createRequire } from "node:module";
import type {
  PolicyPackArgs,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
} from "@pulumi/policy";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { policyNamed } from "../catalog";
import type { PolicyContext } from "../policy-context";
import type { Policy } from "../policy";
import { Registrations } from "../registrations";
import { packArguments } from "../registry";
import { announce, gatherOnce } from "../wire";
import { refuseUnknown, watched } from "./reads";

/** The wire form of an unknown value. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const UNKNOWN_OBJECT = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";

/** The wire form of a secret. */
export const secret = (value: unknown): Record<string, unknown> => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

export interface Fixture {
  readonly type: string;
  /** The types of its parent components, as in its URN, such as `a:b:C$d:e:F`. */
  readonly within?: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** In seconds. */
  readonly createTimeout?: number;
  /** The URN of its provider, as stack policies see it. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

export interface Violation {
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  /** Empty for the stack as a whole. */
  readonly urn: string;
  /** Without the policy's description, which the library prepends. */
  readonly message: string;
}

export const PROD: PolicyContext = {
  environment: "prod",
  exemptions: [],
  podSecurityMinor: Infinity,
  zoned: true,
  restored: {},
};

export const urnOf = ({ type, within, name }: Pick<Fixture, "type" | "within" | "name">): string =>
  `urn:pulumi:prod::runstack::${within === undefined ? "" : `${within}$`}${type}::${name}`;

/** A policy's configuration, as in `--policy-pack-config`: its level and its options. */
export interface Configured {
  readonly enforcementLevel?: "mandatory" | "advisory" | "disabled" | "remediate";
  readonly [property: string]: unknown;
}

interface Call<Request> {
  readonly request: Request;
}
type Handler<Request> = (
  call: Call<Request>,
  done: (error: Error | null | undefined, response: proto.AnalyzeResponse) => void,
) => void;
type MakeHandler<Request> = (
  pack: string,
  version: string,
  level: string,
  policies: PolicyPackArgs["policies"],
) => Handler<Request>;

type RemediationHandler = (
  call: Call<proto.AnalyzeRequest>,
  done: (error: Error | null | undefined, response: proto.RemediateResponse) => void,
) => void;

const server = createRequire(__filename)("@pulumi/policy/server") as {
  readonly makeRemediateRpcFun: (
    ...pack: Parameters<MakeHandler<proto.AnalyzeRequest>>
  ) => RemediationHandler;
  readonly makeAnalyzeRpcFun: MakeHandler<proto.AnalyzeRequest>;
  readonly makeAnalyzeStackRpcFun: MakeHandler<proto.AnalyzeStackRequest>;
};

export interface Setting {
  readonly policyContext?: Partial<PolicyContext>;
  /** `YYYY-MM-DD`. */
  readonly day?: string;
  /** By the policy's name. */
  readonly configuration?: Readonly<Record<string, Configured>>;
  /** The outputs that stack policies see. @default its properties */
  readonly outputs?: (resource: Fixture) => Fixture["props"];
}

/**
 * Every violation, in the engine's order: resource by resource, then the stack.
 * @throws if a policy reads a property that does not exist
 */
export async function evaluate(
  policies: readonly Policy[],
  resources: readonly Fixture[],
  setting: Setting = {},
): Promise<readonly Violation[]> {
  const outputs = setting.outputs ?? (({ props }: Fixture): Fixture["props"] => props);
  const found = await judge(
    watched(policies),
    {
      resources: resources.map(requestOf),
      stack: resources.map((resource) =>
        stackResourceOf({ ...resource, props: outputs(resource) }),
      ),
    },
    setting,
  );
  refuseUnknown();
  return found;
}

/** What an engine asks a pack about one update. */
export interface Asked {
  readonly resources: readonly proto.AnalyzeRequest[];
  readonly stack: readonly proto.AnalyzerResource[];
}

/** Every violation, in the engine's order: resource by resource, then the stack. */
export async function judge(
  policies: readonly Policy[],
  asked: Asked,
  { policyContext = {}, day = "2026-03-01", configuration = {} }: Setting = {},
): Promise<readonly Violation[]> {
  const { policies: all } = packArguments(policies, { ...PROD, ...policyContext }, day);
  const ours = (policy: Registered): Registered => configured(policy, configuration[policy.name]);
  // The list has other policies for each type (`listByType`), so it is gone through each time.
  const pack = Object.defineProperty(all.map(ours), Symbol.iterator, {
    value: () => Array.from(all, ours).values(),
  });
  const analyze = server.makeAnalyzeRpcFun("runstack", "0.1.0", "mandatory", pack);
  const analyzeStack = server.makeAnalyzeStackRpcFun("runstack", "0.1.0", "mandatory", pack);
  const registrations = new Registrations();
  const found: Violation[] = [];
  for (const request of asked.resources) {
    registrations.note(request);
    announce(request);
    found.push(...violationsIn(await answer(analyze, request), request.getUrn()));
  }
  const request = new proto.AnalyzeStackRequest().setResourcesList([...asked.stack]);
  registrations.complete(request);
  gatherOnce(request);
  found.push(...violationsIn(await answer(analyzeStack, request), ""));
  return found;
}

/** The properties after remediation, on the wire (see `secret`); undefined if nothing changes. */
export async function remediated(
  policies: readonly Policy[],
  resource: Fixture,
  { policyContext = {}, day = "2026-03-01" }: Setting = {},
): Promise<unknown> {
  const pack = packArguments(policies, { ...PROD, ...policyContext }, day).policies.map((policy) =>
    configured(policy, { enforcementLevel: "remediate" }),
  );
  const handler = server.makeRemediateRpcFun("runstack", "0.1.0", "mandatory", pack);
  const response = await new Promise<proto.RemediateResponse>((resolve, reject) => {
    handler({ request: requestOf(resource) }, (error, answered) => {
      if (error) reject(error);
      else resolve(answered);
    });
  });
  return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
}

/**
 * The library's configuration is private, so it is set where the library would put it; the real
 * path from the engine is tested with a real pack process (`pack.test.ts`).
 */
function configured(policy: Registered, fixture: Configured | undefined): Registered {
  if (fixture === undefined) return policy;
  const { enforcementLevel, ...properties } = fixture;
  const level = enforcementLevel === undefined ? {} : { enforcementLevel };
  const getConfig = (() => properties) as ResourceValidationArgs["getConfig"];
  return "validateStack" in policy
    ? {
        ...policy,
        ...level,
        validateStack: (args, report) => policy.validateStack({ ...args, getConfig }, report),
      }
    : {
        ...policy,
        ...level,
        validateResource: (args, report) => validationOf(policy)({ ...args, getConfig }, report),
      };
}

type Registered = PolicyPackArgs["policies"][number];

function validationOf({ validateResource }: ResourceValidationPolicy): ResourceValidation {
  if (typeof validateResource === "function") return validateResource;
  throw new Error("Our policies have one validation each.");
}

/** Only the messages, for one policy and its fixture. */
export async function messages(
  policy: string | readonly string[],
  resources: readonly Fixture[],
  setting?: Setting,
): Promise<readonly string[]> {
  const policies = [policy].flat().map(policyNamed);
  return (await evaluate(policies, resources, setting)).map(({ message }) => message);
}

function answer<Request>(
  handler: Handler<Request>,
  request: Request,
): Promise<proto.AnalyzeResponse> {
  return new Promise((resolve, reject) => {
    handler({ request }, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

export function violationsIn(response: proto.AnalyzeResponse, urn: string): readonly Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level:
      diagnostic.getEnforcementlevel() === proto.EnforcementLevel.MANDATORY
        ? "mandatory"
        : "advisory",
    urn: diagnostic.getUrn() === "" ? urn : diagnostic.getUrn(),
    message: diagnostic.getMessage().replace(`${diagnostic.getDescription()}\n`, ""),
  }));
}

export function requestOf(resource: Fixture): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setUrn(urnOf(resource));
  request.setProperties(structOf(resource.props));
  request.setOptions(optionsOf(resource));
  return request;
}

export function stackResourceOf(resource: Fixture): proto.AnalyzerResource {
  const message = new proto.AnalyzerResource();
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(structOf(resource.props));
  message.setOptions(optionsOf(resource));
  if (resource.provider !== undefined) {
    const provider = new proto.AnalyzerProviderResource();
    provider.setUrn(resource.provider);
    provider.setProperties(structOf({}));
    message.setProvider(provider);
  }
  message.setDependenciesList([...(resource.dependencies ?? [])]);
  for (const [key, urns] of Object.entries(resource.propertyDependencies ?? {})) {
    const list = new proto.AnalyzerPropertyDependencies();
    list.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(key, list);
  }
  return message;
}

function optionsOf(fixture: Fixture): proto.AnalyzerResourceOptions {
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(fixture.protect ?? false);
  options.setIgnorechangesList([...(fixture.ignoreChanges ?? [])]);
  options.setDeletebeforereplace(fixture.deleteBeforeReplace ?? false);
  options.setDeletebeforereplacedefined(fixture.deleteBeforeReplace !== undefined);
  const timeouts = new proto.AnalyzerResourceOptions.CustomTimeouts();
  timeouts.setCreate(fixture.createTimeout ?? 0);
  options.setCustomtimeouts(timeouts);
  return options;
}

function structOf(props: Readonly<Record<string, unknown>>): Struct {
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(props)) as Record<string, JavaScriptValue>,
  );
}
