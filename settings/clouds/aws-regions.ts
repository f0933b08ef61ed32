/**
 * AWS regions with the zones in which EKS can place a control plane (`us-east-1e` is left out because EKS
 * refuses it), and the region for backups. Kept as data because a query would need credentials. Accounts see
 * different zones in `us-west-1` and `ca-central-1`, so a stack can set its own.
 */
interface Region {
  /** The letters that follow the region's name. */
  readonly zones: string;
  /** Region for backups: distant, in the same jurisdiction if possible. */
  readonly backup: string;
}

export const AWS_REGIONS: Readonly<Record<string, Region>> = {
  "ap-northeast-1": { zones: "acd", backup: "ap-northeast-3" },
  "ap-northeast-2": { zones: "abcd", backup: "ap-northeast-1" },
  "ap-northeast-3": { zones: "abc", backup: "ap-northeast-1" },
  "ap-south-1": { zones: "abc", backup: "ap-southeast-1" },
  "ap-southeast-1": { zones: "abc", backup: "ap-southeast-2" },
  "ap-southeast-2": { zones: "abc", backup: "ap-southeast-1" },
  "ca-central-1": { zones: "abd", backup: "us-west-2" },
  "eu-central-1": { zones: "abc", backup: "eu-west-1" },
  "eu-north-1": { zones: "abc", backup: "eu-central-1" },
  "eu-west-1": { zones: "abc", backup: "eu-central-1" },
  "eu-west-2": { zones: "abc", backup: "eu-west-1" },
  "eu-west-3": { zones: "abc", backup: "eu-central-1" },
  "sa-east-1": { zones: "abc", backup: "us-east-1" },
  "us-east-1": { zones: "abcdf", backup: "us-west-2" },
  "us-east-2": { zones: "abc", backup: "us-west-2" },
  "us-west-1": { zones: "ac", backup: "us-east-2" },
  "us-west-2": { zones: "abcd", backup: "us-east-1" },
};
