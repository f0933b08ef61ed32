/** AWS resources that the provider has under several names. */
import { aws } from "../tokens";

/** Resources that the provider also has under an older name. */
const withV2 = (module: string, name: string): readonly string[] => [
  aws(module, name),
  aws(module, `${name}V2`),
];

export const BUCKETS = withV2("s3", "Bucket");
export const BUCKET_ACLS = withV2("s3", "BucketAcl");
export const BUCKET_ENCRYPTIONS = withV2("s3", "BucketServerSideEncryptionConfiguration");
export const BUCKET_LIFECYCLES = withV2("s3", "BucketLifecycleConfiguration");
export const BUCKET_LOGGINGS = withV2("s3", "BucketLogging");
export const BUCKET_VERSIONINGS = withV2("s3", "BucketVersioning");

/** `aws.lb` and `aws.alb` are the same service under two names. */
export const LOAD_BALANCERS = ["lb", "alb"].map((module) => aws(module, "LoadBalancer"));
export const LISTENERS = ["lb", "alb"].map((module) => aws(module, "Listener"));
