import type { Range, System } from "../../systems/model";
import { problem, type Check } from "../problem";
import type { Site } from "../site";
import { image, listOf, mapOf, matching, objectName, oneOf, range, truth } from "./formats";
import { on, optional, required, withDefault } from "./key";
import { namesOf, withinRunbook } from "./rules";

const ofServices = (
  key: string,
  given: Readonly<Record<string, unknown>>,
  { id, services: all }: System,
) =>
  namesOf(
    key,
    given,
    all.map(({ name }) => name),
    `service of ${id}`,
  );

const imageOfEachService: Check = ({ images: given }, { system }) => [
  ...ofServices("images", given, system),
  ...system.services
    .filter(({ name }) => given[name] === undefined)
    .map(({ name }) => problem(`images.${name}`, undefined, "an image with a tag or digest")),
];

const scalingWithinRunbook: Check = ({ scaling: given }, { system, production }) => [
  ...ofServices("scaling", given, system),
  ...system.services.flatMap(({ name, scaling: { replicas, clause } }) => {
    const own = given[name];
    return own === undefined
      ? []
      : withinRunbook(`scaling.${name}`, own, replicas, clause.heading, production);
  }),
];

const scalingOf = (
  given: Readonly<Record<string, Range>>,
  { system, production }: Site,
): Readonly<Record<string, Range>> =>
  Object.fromEntries(
    system.services.map(({ name, scaling: { replicas } }) => [
      name,
      given[name] ?? (production ? replicas : { min: 1, max: 2 }),
    ]),
  );

/** The services' images and replicas, and where images and charts come from. */
export const services = {
  images: required({
    schema: mapOf(image, "a map from service to image"),
    doc: "The image of each service, with a fixed tag or digest",
    note: "To roll back, set the previous one.",
    example: { backend: "registry.example.com/team/backend:1.4.2" },
    rules: [imageOfEachService],
  }),
  scaling: withDefault({
    schema: mapOf(range, "a map from service to `min` and `max`"),
    fallback: {},
    doc: "Minimum and maximum number of replicas of each service; in production, within the runbook's range",
    otherwise: "the runbook's range; in staging, 1 to 2",
    example: { backend: { min: 3, max: 6 } },
    rules: [scalingWithinRunbook],
    settle: scalingOf,
  }),
  models: withDefault({
    schema: listOf(
      matching(/^[a-z0-9][a-z0-9._/-]*(:[A-Za-z0-9._-]+)?$/, "a model such as llama3.2:3b"),
      "a list of models",
    ),
    fallback: [],
    doc: "Models that the model server pulls when it starts",
    example: ["llama3.2:3b"],
    only: {
      where: "for a system with a model server",
      applies: ({ system }) => system.appliances.some(({ engine }) => engine === "ollama"),
    },
  }),
  imageRepository: optional({
    schema: oneOf(["create", "adopt"]),
    doc: "Whether to create the Artifact Registry repositories of the images, or to use existing ones (adopt)",
    note: "Before the first up of a stack that creates them, see docs/clouds.md.",
    otherwise:
      "create in prod, adopt elsewhere, because the environments of a project share their images",
    example: "adopt",
    only: on("gcp"),
    settle: (given, { environment }) => given ?? (environment === "prod" ? "create" : "adopt"),
  }),
  registryIntegration: withDefault({
    schema: truth,
    fallback: false,
    doc: "Let nodes pull from the account's own registry, which must exist",
    example: true,
    only: on("digitalocean"),
  }),
  registryCredentials: withDefault({
    schema: truth,
    fallback: false,
    doc: "Pull images with the secret REGISTRY_CREDENTIALS, the contents of a .dockerconfigjson",
    example: true,
  }),
  imagePullSecret: optional({
    schema: objectName("a Secret's name"),
    doc: "An existing pull secret, such as registry-NAME of an integrated registry",
    example: "registry-my-team",
  }),
  chartMirror: optional({
    schema: matching(
      /^oci:\/\/[^\s]+$/,
      "an OCI address such as oci://registry.example.com/charts",
    ),
    doc: "An OCI registry that mirrors all charts, for clusters without internet access",
    example: "oci://registry.example.com/charts",
  }),
};
