/** Policies on AWS resources. */
import type { Policy } from "../policy";
import { cacheAccess } from "./cache-access";
import { caches } from "./caches";
import { compute } from "./compute";
import { eks } from "./eks";
import { attachments } from "./iam/attachments";
import { identityPolicies } from "./iam/identity";
import { resourcePolicies } from "./iam/resource-policies";
import { trustPolicies } from "./iam/trust";
import { keys } from "./keys";
import { loadBalancers } from "./load-balancers";
import { logging } from "./logging";
import { msk } from "./msk";
import { networks } from "./networks";
import { nodeGroups } from "./node-groups";
import { rds } from "./rds";
import { rdsParameters } from "./rds-parameters";
import { rdsRecovery } from "./rds-recovery";
import { s3 } from "./s3";
import { s3Access } from "./s3-access";
import { securityGroups } from "./security-groups";
import { services } from "./services";

export const aws: readonly Policy[] = [
  ...eks,
  ...nodeGroups,
  ...compute,
  ...networks,
  ...securityGroups,
  ...loadBalancers,
  ...rds,
  ...rdsParameters,
  ...rdsRecovery,
  ...cacheAccess,
  ...caches,
  ...msk,
  ...s3Access,
  ...s3,
  ...services,
  ...keys,
  ...identityPolicies,
  ...trustPolicies,
  ...attachments,
  ...resourcePolicies,
  ...logging,
];
