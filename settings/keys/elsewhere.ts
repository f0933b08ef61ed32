import { z } from "zod";
import { optional, withDefault } from "./key";

/** Keys that are declared with the others and read elsewhere: secrets by the program, the rest by the policies. */
export const elsewhere = {
  secrets: withDefault({
    schema: z.record(z.string(), z.string()),
    fallback: {},
    doc: "Secrets by key, each encrypted",
    note: "Set each with: pulumi config set --secret --path 'runstack:secrets.KEY'. docs/data-services.md lists them.",
    example: { DATABASE_URL: "…" },
  }),
  policyExemptions: withDefault({
    schema: z.array(z.record(z.string(), z.string())),
    fallback: [],
    doc: "Exemptions from policies",
    note: "Each has policy, resource (a pattern of URNs), reason, owner and expires (YYYY-MM-DD).",
    example: [
      {
        policy: "postgres-standby",
        resource: "*postgres*",
        reason: "A rehearsal without data",
        owner: "platform@example.com",
        expires: "2027-03-31",
      },
    ],
  }),
  podSecurityVersion: optional({
    schema: z.string(),
    doc: "The version of the Pod Security Standards that the policies check: v1.34, or latest",
    otherwise: "the cluster's version",
    example: "latest",
  }),
};
