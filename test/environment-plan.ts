import * as pulumi from "@pulumi/pulumi";
import { Environment } from "../components/environment";
import { register } from "../components/kit/testing";
import { requiredSecrets } from "../settings/secrets";
import type { PlannedResource, PlanObject } from "../offline/plan";
import type { Settings } from "../settings";

/** A first preview: every resource can be created, and no output is computed. */
const anything = new Proxy({}, { get: () => ({}) });

/** An environment's resources, without the host and the policies: quicker than a plan of a stack. */
export async function environmentPlan(
  settings: Settings,
): Promise<{ readonly resources: PlannedResource[] }> {
  const given = Object.fromEntries(
    requiredSecrets(settings).map(({ key }) => [
      key,
      pulumi.secret(pulumi.unknown) as pulumi.Output<string>,
    ]),
  );
  const { resources } = await register(
    (options) => new Environment("todo", { settings, given }, options),
    { preview: true, cloud: anything },
  );
  return {
    resources: resources.map(({ type, name, inputs, options, parent }) => ({
      urn: `${type}::${name}`,
      type,
      name,
      parent: parent ?? null,
      provider: null,
      custom: true,
      protect: options.protect === true,
      dependencies: [],
      inputs: inputs as PlanObject,
    })),
  };
}
