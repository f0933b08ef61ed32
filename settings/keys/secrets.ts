import { z } from "zod";
import type { Check } from "../problem";
import { mapOf, oneOf } from "./formats";
import { on, optional, withDefault } from "./key";
import { namesOf } from "./rules";

/** The system's secrets, and data services whose passwords Runstack generates. */
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
    doc: "Whether to store secrets in the cloud's secret manager (create), to read existing ones from it (adopt), or not to use it (none)",
    otherwise: "create on aws and gcp",
    example: "adopt",
    only: { ...on("aws", "gcp"), where: "on aws or gcp, which have a secret manager" },
    settle: (given, { cloud }) => given ?? (cloud === "aws" || cloud === "gcp" ? "create" : "none"),
  }),
  rotations: withDefault({
    schema: mapOf(z.string(), "a map from secret key to any text"),
    fallback: {},
    doc: "Changing the text of an entry generates a new password. Entries are named after a generated secret's key or a data service",
    example: { DATABASE_URL: "2027-01" },
    rules: [rotationsOfSecrets],
  }),
};
