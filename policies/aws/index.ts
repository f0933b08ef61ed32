/** Policies on what Amazon runs. */
import type { Policy } from "../policy";
import { compute } from "./compute";
import { eks } from "./eks";
import { attachments } from "./iam/attachments";
import { identityPolicies } from "./iam/identity";
import { resourcePolicies } from "./iam/resource-policies";
import { trustPolicies } from "./iam/trust";
import { nodeGroups } from "./node-groups";

export const aws: readonly Policy[] = [
  ...eks,
  ...nodeGroups,
  ...compute,
  ...identityPolicies,
  ...trustPolicies,
  ...attachments,
  ...resourcePolicies,
];
