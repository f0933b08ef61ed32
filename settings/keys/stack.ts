import { z } from "zod";
import { list } from "../../lib/words";
import { SYSTEMS } from "../../systems";
import { validateSystem } from "../../systems/validate";
import { PROFILES } from "../clouds";
import { cloudHasPlaces } from "../placement";
import { problem, type Check } from "../problem";
import type { Site } from "../site";
import { listOf, matching, oneOf } from "./formats";
import { on, optional, orEmpty, required, withDefault } from "./key";

const ENVIRONMENTS = ["prod", "staging", "dr"] as const;
const CLOUDS = Object.keys(PROFILES) as Site["cloud"][];
/** Resources that a cloud may replace on a change, which protection therefore blocks. */
export const REPLACEABLE = ["cluster", "nodes", "postgres", "redis", "kafka"] as const;
export type Replaceable = (typeof REPLACEABLE)[number];

/** A system with contradictions would be deployed as it is and fail later. */
export const consistent: Check = (_, { system }) =>
  validateSystem(system).map(({ message }) =>
    problem("system", system.id, `one without contradictions (${message.replace(/\.$/, "")})`),
  );

const systems = Object.keys(SYSTEMS);
const aSystem = { error: `one of ${list(systems)}` };

/** What is built, where, and how it is protected from deletion. */
export const stack = {
  system: required({
    schema: z.string(aSystem).refine((id) => systems.includes(id), aSystem),
    doc: "The system to run: an id from systems/",
    example: "todo-chatbot",
    rules: [consistent],
    settle: (_, { system }) => system,
  }),
  environment: required({
    schema: oneOf(ENVIRONMENTS),
    doc: "What the stack is for",
    note: "Every environment except staging is production: durable, replicated and protected.",
    example: "prod",
  }),
  cloud: optional({
    schema: oneOf(CLOUDS),
    doc: "The cloud to build on",
    otherwise: "the runbook's",
    example: "aws",
    rules: [cloudHasPlaces],
    settle: (_, { cloud }) => cloud,
  }),
  region: optional({
    schema: z.string({ error: "a region of the cloud" }),
    doc: "The cloud's region",
    note: "Changing it replaces everything.",
    otherwise: "the runbook's; in dr, its recovery region",
    example: "eu-west-1",
    settle: (_, { region }) => region ?? "",
  }),
  zones: optional({
    schema: listOf(z.string({ error: "a zone's full name" }), "a list of zones"),
    doc: "Three zones of the region",
    note: "Changing them replaces nodes and data. On an existing cluster: the zones of its nodes, if they have the label topology.kubernetes.io/zone, over which pods are then spread.",
    otherwise: "the first three of the region; on an existing cluster, none",
    example: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    only: on("aws", "gcp", "existing"),
    settle: (given, { profile, region }) => given ?? profile.zones(region ?? ""),
  }),
  project: optional({
    schema: matching(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      "the id of a Google Cloud project, such as my-project-1",
    ),
    doc: "The id of the Google Cloud project",
    otherwise: "the runbook's",
    example: "my-project-1",
    only: on("gcp"),
    settle: (_, { project }) => project,
  }),
  kubeContext: optional({
    schema: matching(/^\S{1,253}$/, "the name of a context in the kubeconfig"),
    doc: "The kubeconfig context of an existing cluster",
    example: "admin@my-cluster",
    only: on("existing"),
    settle: orEmpty,
  }),
  protect: withDefault({
    schema: oneOf(["auto", "true", "false"]),
    fallback: "auto",
    doc: "Whether Pulumi refuses to delete resources that hold data or are slow to rebuild",
    note: "auto protects every environment except staging.",
    example: "false",
    settle: (given, { production }) => (given === "auto" ? production : given === "true"),
  }),
  replace: withDefault({
    schema: listOf(oneOf(REPLACEABLE), "a list"),
    fallback: [],
    doc: "Resources that may be replaced despite protection, to confirm one change",
    example: ["nodes"],
  }),
};
