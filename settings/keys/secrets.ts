import { z } from "zod";
import type { Check } from "../problem";
import { mapOf, oneOf } from "./formats";
import { on, optional, withDefault } from "./key";
import { namesOf } from "./rules";

/** Keys of the system's secrets, and data services whose passwords are made here. */
const rotationsOfSecrets: Check = ({ rotations: given }, { system }) => {
  const services = [...system.databases, ...system.caches, ...system.eventBuses]
    .filter(({ runs }) => runs !== "external")
    .map(({ name }) => name);
  const known = [
    ...system.secrets.flatMap((secret) => secret.keys.map(({ key }) => key)),
    ...services,
  ];
  return namesOf("rotations", given, known, `secret or a data service of ${system.id}`);
};

export const secrets = {
  secretStore: optional({
    schema: oneOf(["create", "adopt", "none"]),
    doc: "Whether to keep secrets in the cloud's secret manager (create), to read given ones from it (adopt), or neither (none)",
    otherwise: "create on aws and gcp",
    example: "adopt",
    only: { ...on("aws", "gcp"), where: "on aws and gcp, which have a secret manager" },
    settle: (given, { cloud }) => given ?? (cloud === "aws" || cloud === "gcp" ? "create" : "none"),
  }),
  rotations: withDefault({
    schema: mapOf(z.string(), "a map from secret key to any text"),
    fallback: {},
    doc: "Any text by key of a generated secret or by name of a data service; another text makes another password",
    example: { DATABASE_URL: "2027-01" },
    rules: [rotationsOfSecrets],
  }),
};
