import { z } from "zod";
import type { Command, System } from "../../systems/model";
import { commandless, resizable, settingsOf } from "../choices";
import { problem, type Check } from "../problem";
import { listOf, mapOf, oneOf } from "./formats";
import { withDefault } from "./key";
import { namesOf } from "./rules";

/** Services and the second containers of their pods, by name. */
const commandsOf = ({ services }: System): Readonly<Record<string, Command | undefined>> =>
  Object.fromEntries(
    services.flatMap(({ name, command, sidecars = [] }) => [
      [name, command],
      ...sidecars.map((one): [string, Command] => [one.name, one.command]),
    ]),
  );

const commandOfEachContainer: Check = ({ commands, images }, { system }) => {
  const known = commandsOf(system);
  const allowed = (name: string) =>
    `the command of ${name} as a list, such as ["python", "-m", "worker"]: without it, its image would start another service again`;
  return [
    ...namesOf("commands", commands, Object.keys(known), `service or sidecar of ${system.id}`),
    ...Object.entries(commands)
      .filter(([, command]) => command.length === 0)
      .map(([name, command]) => problem(`commands.${name}`, command, allowed(name))),
    ...commandless(system, commands, images).map((name) =>
      problem(`commands.${name}`, undefined, allowed(name)),
    ),
  ];
};

/** YAML and the engine's command line turn `true` and `50` into other types. */
const text = z.union([z.string(), z.number(), z.boolean()], { error: "text" });

const variablesDeclared: Check = ({ variables }, { system }) => {
  const all = [...new Set(system.services.flatMap(settingsOf))];
  return Object.entries(variables).flatMap(([name, value]) => {
    if (typeof value !== "object")
      return namesOf("variables", { [name]: value }, all, `variable that ${system.id} leaves open`);
    const service = system.services.find((one) => one.name === name);
    return service === undefined
      ? namesOf(
          "variables",
          { [name]: value },
          system.services.map((one) => one.name),
          `service of ${system.id}`,
        )
      : namesOf(
          `variables.${name}`,
          value,
          settingsOf(service),
          `variable that ${system.id} leaves open for ${name}`,
        );
  });
};

const sizesOffered: Check = ({ sizes }, { system }) => {
  const managed = system.databases.filter(({ name, runs }) => name in sizes && runs !== "operator");
  return [
    ...namesOf(
      "sizes",
      Object.fromEntries(
        Object.entries(sizes).filter(([name]) => managed.every((one) => one.name !== name)),
      ),
      resizable(system),
      `service or database of ${system.id} with a larger size in its runbook`,
    ),
    ...managed.map(({ name, runs }) =>
      problem(
        `sizes.${name}`,
        sizes[name],
        runs === "managed"
          ? "not set: the cloud runs this database; set runstack:postgresSize"
          : "not set: its provider sizes this database",
      ),
    ),
  ];
};

const SIZES = ["normal", "large"] as const;

/** What the services' containers start, with which values, and how large. */
export const running = {
  commands: withDefault({
    schema: mapOf(
      listOf(z.string({ error: "text" }), "a command as a list of words"),
      "a map from service or sidecar to its command",
    ),
    fallback: {},
    doc: "What a service or a sidecar runs instead of its image's entry point",
    note: "Required where several of them have one image and the runbook does not say how each starts.",
    otherwise: "the runbook's, or the image's entry point",
    example: { worker: ["python", "-m", "worker"] },
    rules: [commandOfEachContainer],
  }),
  variables: withDefault({
    schema: mapOf(
      z.union([text, mapOf(text, "a map from variable to text")], {
        error: "text, or a map from variable to text",
      }),
      "a map from variable, or service and variable, to text",
    ),
    fallback: {},
    doc: "Values of the variables that the runbook changes in operation, for all services that read them or for one",
    note: "Pods restart with the new value.",
    otherwise: "the runbook's",
    example: { LOG_LEVEL: "DEBUG", api: { DATABASE_POOL_SIZE: "50" } },
    rules: [variablesDeclared],
  }),
  sizes: withDefault({
    schema: mapOf(oneOf(SIZES), "a map from service or database to its size"),
    fallback: {},
    doc: "The size of each service or database for which the runbook has a larger one",
    note: "Pods restart with the new size; the namespace's quota follows.",
    otherwise: "normal",
    example: { api: "large" },
    rules: [sizesOffered],
  }),
};
