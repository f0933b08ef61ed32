import { z } from "zod";
import { optional, withDefault } from "./key";

/**
 * Keys declared here but not read by `parseSettings`: the program reads secrets, the policies read the
 * rest.
 */
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
    doc: "Policy exemptions",
    note: "Each has policy, resource (a URN pattern), reason, owner, expires (YYYY-MM-DD) and, if the reason relies on a resource, relies (its URN pattern).",
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
