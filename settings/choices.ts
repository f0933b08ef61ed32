import type { Command, Resources, Service, Sidecar, System } from "../systems/model";

/** What a stack chooses for the containers of its system. */
export interface Choices {
  /** By service or sidecar. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** By variable, or by service and variable. */
  readonly variables: Readonly<Record<string, Scalar | Readonly<Record<string, Scalar>>>>;
  /** By service or database. */
  readonly sizes: Readonly<Record<string, "normal" | "large">>;
}
/** Becomes text. */
type Scalar = string | number | boolean;

/** Names of the variables that a stack may set. */
export const settingsOf = ({ environment }: Pick<Service, "environment">): readonly string[] =>
  environment.flatMap(({ name, from }) => (from.kind === "setting" ? [name] : []));

/** Services and databases for which the runbook has a larger size. */
export const resizable = ({ services, databases }: System): readonly string[] =>
  [...services, ...databases].flatMap(({ name, resources }) =>
    resources?.stepUp === undefined ? [] : [name],
  );

/**
 * Services and sidecars that would start something else: the runbook leaves the command open, or
 * another service has the same image, whose entry point can only be one of them.
 */
export function commandless(
  system: System,
  commands: Choices["commands"],
  images: Readonly<Record<string, string>>,
): readonly string[] {
  const lacks = (name: string, command: Command | undefined) =>
    commands[name] === undefined && (command === undefined || command === "configured");
  const entered = new Set<string>();
  return system.services.flatMap(({ name, command, sidecars = [] }) => {
    const open = sidecars.filter((one) => lacks(one.name, one.command)).map((one) => one.name);
    if (!lacks(name, command)) return open;
    const image = repositoryOf(images[name]);
    const isSecond = image !== undefined && entered.has(image);
    if (image !== undefined && command === undefined) entered.add(image);
    return command === "configured" || isSecond ? [name, ...open] : open;
  });
}

/** An image without tag and digest. */
const repositoryOf = (image: string | undefined): string | undefined =>
  image?.replace(/@sha256:.*$/, "").replace(/:[^/:]+$/, "");

/** The system with what the stack chose. What it leaves alone is the runbook's own object. Pure. */
export function withChoices(system: System, choices: Choices): System {
  return {
    ...system,
    services: system.services.map((service) => chosen(service, choices)),
    databases: system.databases.map((database) => {
      const { name, resources } = database;
      return resources === undefined || choices.sizes[name] !== "large"
        ? database
        : { ...database, resources: larger(resources) };
    }),
  };
}

function chosen(service: Service, choices: Choices): Service {
  const { commands, sizes } = choices;
  const { name, resources, sidecars = [] } = service;
  const own = commands[name];
  return {
    ...service,
    ...(own === undefined ? {} : { command: own }),
    ...(sizes[name] === "large" ? { resources: larger(resources) } : {}),
    ...(sidecars.some((one) => one.name in commands)
      ? { sidecars: sidecars.map((one) => startedBy(one, commands)) }
      : {}),
    environment: service.environment.map((variable) => valued(variable, name, choices)),
  };
}

const larger = (resources: Resources): Resources => ({ ...resources, ...resources.stepUp });

const startedBy = (sidecar: Sidecar, commands: Choices["commands"]): Sidecar => ({
  ...sidecar,
  command: commands[sidecar.name] ?? sidecar.command,
});

/** A value for one service precedes the one for all. */
function valued(
  variable: Service["environment"][number],
  service: string,
  { variables }: Choices,
): Service["environment"][number] {
  const { name, from } = variable;
  if (from.kind !== "setting") return variable;
  const own = variables[service];
  const value = (typeof own === "object" ? own[name] : undefined) ?? variables[name];
  return value === undefined || typeof value === "object"
    ? variable
    : { ...variable, from: { ...from, default: String(value) } };
}
