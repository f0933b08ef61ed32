/** Rules for formats: Kubernetes names, times, and every element's source. */
import type { Service, System } from "../model";
import { REQUIREMENTS } from "../requirements";
import { quoted, report, type Report, type Rule } from "./problem";

/** DNS-1123 label: what Kubernetes accepts for namespaces, Services and containers. */
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A path, its kind, and its name. */
type Named = readonly [path: string, what: string, name: string];

function serviceNamings(service: Service): readonly Named[] {
  const at = `services[${service.name}]`;
  const { rollout } = service;
  const switched = rollout.kind === "blueGreen" ? rollout.deployments : undefined;
  return [
    [`${at}.name`, "A service", service.name],
    [`${at}.workload`, "A workload", service.workload],
    [`${at}.container`, "A container", service.container],
    ...(service.sidecars ?? []).map(({ name }): Named => [`${at}.sidecars`, "A sidecar", name]),
    ...(switched === undefined ? [] : [switched.blue, switched.green]).map((name): Named => [
      `${at}.rollout.deployments`,
      "A Deployment",
      name,
    ]),
  ];
}

function kubernetesNames(system: System): readonly Named[] {
  const { prod, staging, monitoring } = system.namespaces;
  return [
    ...Object.entries({ prod, staging, monitoring }).flatMap(([key, name]): Named[] =>
      name === undefined ? [] : [[`namespaces.${key}`, "A namespace", name]],
    ),
    ["cluster.name", "The cluster", system.cluster.name],
    ["edge.route", "The route", system.edge.route],
    ["edge.certificate.name", "The certificate", system.edge.certificate.name],
    ...system.secrets.map(({ name }): Named => [`secrets[${name}].name`, "A secret", name]),
    ...system.services.flatMap(serviceNamings),
  ];
}

const kubernetesName: Rule = {
  id: "kubernetes-name",
  check: (system) =>
    kubernetesNames(system)
      .filter(([, , name]) => !LABEL.test(name))
      .map(([path, what, name]) =>
        report(
          path,
          `${what}'s name`,
          quoted(name),
          "1 to 63 characters of a-z, 0-9 and -, with a letter or digit at both ends",
          "rename it",
        ),
      ),
};

const maintenanceStart: Rule = {
  id: "maintenance-start",
  check: ({ maintenance: { start } }) =>
    /^([01]\d|2[0-3]):[0-5]\d$/.test(start)
      ? []
      : [
          report(
            "maintenance.start",
            "The start of the maintenance window",
            quoted(start),
            "a time of day in UTC, HH:MM",
            'write it as in "02:00"',
          ),
        ],
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every object below `value` with its own clause or reasons, and its path. */
export function elements(value: unknown, path = ""): readonly (readonly [string, Fields])[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => elements(item, `${path}[${index}]`));
  if (!isFields(value)) return [];
  const own = "clause" in value || "ours" in value ? [[path, value] as const] : [];
  return [
    ...own,
    ...Object.entries(value)
      .filter(([key]) => key !== "clause" && key !== "ours")
      .flatMap(([key, child]) => elements(child, path === "" ? key : `${path}.${key}`)),
  ];
}

/** A system without its own requirements only names headings. */
function clauseProblems(path: string, element: Fields, { requirements }: System): Report[] {
  const { clause } = element;
  const at = path === "" ? "the system" : path;
  const ids = isFields(clause) && Array.isArray(clause["ids"]) ? clause["ids"] : undefined;
  if (!isFields(clause) || ids === undefined || (ids.length === 0 && requirements !== undefined))
    return [
      report(
        at,
        `The clause of ${at}`,
        "without a requirement",
        "one or more requirement ids with the runbook's heading",
        "name the requirement that the element implements",
      ),
    ];
  const shared = Object.keys(REQUIREMENTS).filter((id) => id.startsWith("ALL-"));
  const known = [...shared, ...Object.keys(requirements ?? {})];
  return [
    ...ids
      .filter((id): id is string => typeof id !== "string" || !known.includes(id))
      .map((id) =>
        report(
          `${at}.clause.ids`,
          `A requirement of ${at}`,
          quoted(id),
          "one of the system's own requirements, or one that requirements.ts lists for all systems",
          "correct the id or add it to the system's requirements",
        ),
      ),
    ...headingProblems(at, clause["heading"]),
  ];
}

function headingProblems(at: string, heading: unknown): Report[] {
  if (typeof heading === "string" && heading.trim() !== "") return [];
  return [
    report(
      `${at}.clause.heading`,
      `The heading of ${at}`,
      '""',
      "the runbook's, outermost first",
      "name the heading",
    ),
  ];
}

const clauseKnown: Rule = {
  id: "clause-known",
  check: (system) =>
    elements(system).flatMap(([path, element]) => clauseProblems(path, element, system)),
};

/** A requirement that nothing implements would be forgotten. */
const requirementRealised: Rule = {
  id: "requirement-realised",
  check(system) {
    const cited = new Set(elements(system).flatMap(([, element]) => idsOf(element)));
    return Object.keys(system.requirements ?? {})
      .filter((id) => !cited.has(id))
      .map((id) =>
        report(
          `requirements[${id}]`,
          `The requirement "${id}"`,
          "named by no element",
          "implemented by at least one",
          "name it in the clause of an element or remove it",
        ),
      );
  },
};

const idsOf = ({ clause }: Fields): readonly unknown[] =>
  isFields(clause) && Array.isArray(clause["ids"]) ? clause["ids"] : [];

/** Whether `a.b` leads to something in `element`. */
function has(element: Fields, attribute: string): boolean {
  let value: unknown = element;
  for (const key of attribute.split(".")) {
    if (!isFields(value) || !(key in value)) return false;
    value = value[key];
  }
  return true;
}

const oursNamed: Rule = {
  id: "ours-named",
  check: (system) =>
    elements(system).flatMap(([path, element]) =>
      (isFields(element["ours"]) ? Object.entries(element["ours"]) : [])
        .filter(([attribute, reason]) => !has(element, attribute) || reason === "")
        .map(([attribute]) =>
          report(
            `${path === "" ? "the system" : path}.ours`,
            `The choice explained at ${path === "" ? "the system" : path}`,
            quoted(attribute),
            "an attribute that the element has, with a reason",
            "name the attribute that was chosen, and give the reason",
          ),
        ),
    ),
};

export const WRITING_RULES: readonly Rule[] = [
  kubernetesName,
  maintenanceStart,
  clauseKnown,
  requirementRealised,
  oursNamed,
];
