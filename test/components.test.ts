/** Rules for every component and resource of a whole environment. */
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../components/environment";
import { givenSecrets } from "../components/secrets";
import { requiredSecrets } from "../settings/secrets";
import { nameOf, register } from "../components/kit/testing";
import { loadStack } from "../offline/stack-files";
import { readSettings, type Settings } from "../settings";
import { PROJECT } from "./plan";

/** A component's other properties: its identity, and values that only its own code reads. */
const INTERNAL = new Set(["urn", "name"]);

/** One of each kind of cluster and data service in the repository's stacks. */
const STACKS = ["prod", "ai-wealth-prod", "aeneas-prod", "aeneas-dr", "phase-5-dr", "aia-prod"];

/** The settings of a stack of this repository, as the program reads them. */
function settingsOf(stack: string): Settings {
  pulumi.runtime.setAllConfig({ ...loadStack(PROJECT, stack).config.values });
  return readSettings(new pulumi.Config("runstack"));
}

/** A first preview: every resource can be created, and no output is computed. */
const anything = new Proxy({}, { get: () => ({}) });

interface Calls {
  readonly component: pulumi.ComponentResource;
  readonly outputs: readonly string[];
}

describe("every component", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(STACKS)(
    "of %s registers each of its public outputs, once and synchronously",
    async (stack) => {
      vi.spyOn(pulumi.log, "warn").mockResolvedValue();
      const settings = settingsOf(stack);
      const calls: Calls[] = [];
      const types = new Map<pulumi.Resource, string>();
      // The method is only protected in the types.
      const prototype = pulumi.ComponentResource.prototype as unknown as {
        registerOutputs: (this: pulumi.ComponentResource, outputs?: object) => void;
      };
      const original = prototype.registerOutputs;
      vi.spyOn(prototype, "registerOutputs").mockImplementation(function (
        this: pulumi.ComponentResource,
        outputs,
      ) {
        calls.push({ component: this, outputs: Object.keys(outputs ?? {}) });
        original.call(this, outputs);
      });
      const given = givenSecrets(new pulumi.Config("runstack"), requiredSecrets(settings), true);

      // The SDK calls it again later for components that do not call it.
      let synchronous: readonly Calls[] = [];
      await register(
        (options) => {
          new Environment(
            "todo",
            { settings, given },
            {
              ...options,
              transformations: [
                ...(options.transformations ?? []),
                ({ resource, type }) => {
                  if (type.startsWith("runstack:")) types.set(resource, type);
                  return undefined;
                },
              ],
            },
          );
          synchronous = [...calls];
        },
        { preview: true, cloud: anything },
      );

      expect(types.size).toBeGreaterThan(25);
      expect(synchronous).toHaveLength(types.size);
      expect(new Set(synchronous.map(({ component }) => component))).toEqual(new Set(types.keys()));
      const unregistered = synchronous.flatMap(({ component, outputs }) =>
        Object.keys(component)
          .filter((key) => !key.startsWith("__") && !INTERNAL.has(key) && !outputs.includes(key))
          .map((key) => `${nameOf(component)}.${key}`),
      );
      expect(unregistered).toEqual([]);
    },
  );
});
