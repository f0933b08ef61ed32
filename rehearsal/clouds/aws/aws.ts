/** AWS, as far as a rehearsal needs it. */
import type { Cloud, Remains } from "../cloud";
import { text } from "../cloud";
import type { Thing } from "../thing";
import { identify, named } from "./identity";
import { RULES } from "./rules";
import { BUCKET, CACHES, DB_SNAPSHOT, INSTANCE, SECRET } from "./types";

/** Parts of a bucket, a cluster or a group have its region and its end. */
const PARTS: Readonly<Record<string, string>> = {
  "aws:ec2/route:Route": "routeTableId",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "routeTableId",
  "aws:eks/addon:Addon": "clusterName",
  "aws:eks/accessEntry:AccessEntry": "clusterName",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "clusterName",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": "clusterName",
  "aws:msk/topic:Topic": "clusterArn",
  "aws:msk/scramSecretAssociation:ScramSecretAssociation": "clusterArn",
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "dbProxyName",
  "aws:rds/proxyTarget:ProxyTarget": "dbProxyName",
  "aws:secretsmanager/secretVersion:SecretVersion": "secretId",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "secretArn",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "securityGroupId",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "securityGroupId",
  ...Object.fromEntries(
    [
      "LifecycleConfiguration",
      "OwnershipControls",
      "Policy",
      "PublicAccessBlock",
      "ReplicationConfig",
      "ServerSideEncryptionConfiguration",
      "Versioning",
    ].map((part) => [`aws:s3/bucket${part}:Bucket${part}`, "bucket"]),
  ),
};

/** Days for which Secrets Manager keeps what is deleted, unless the program says how many. */
const RECOVERY_DAYS = 30;
/** ElastiCache's snapshots have no class in the SDK. */
const CACHE_SNAPSHOT = "aws:elasticache/snapshot:Snapshot";

export const AWS: Cloud = {
  global: /^aws:(iam|route53|cloudfront)\//u,
  rules: RULES,
  buckets: [BUCKET],
  parts: PARTS,
  identify: (making) => {
    const identity = identify(making);
    return { ...identity, outputs: { ...identity.outputs, ...named(making) } };
  },
  remains: (thing) => {
    const { inputs, type } = thing;
    if (type === SECRET) {
      const days = inputs["recoveryWindowInDays"];
      return { reserved: typeof days === "number" ? days : RECOVERY_DAYS };
    }
    const snapshot = text(inputs["finalSnapshotIdentifier"]);
    if (snapshot === undefined) return {};
    if (type === INSTANCE && inputs["skipFinalSnapshot"] !== true) {
      return leaves(thing, DB_SNAPSHOT, snapshot);
    }
    return type === CACHES ? leaves(thing, CACHE_SNAPSHOT, snapshot) : {};
  },
  unreachable: (type, region) => {
    const service = type.split(/[:/]/u)[1] ?? "";
    const host = `${service}.${region}.amazonaws.com`;
    return `exceeded maximum number of attempts, 25, https response error StatusCode: 0, RequestID: , request send failed, Post "https://${host}/": dial tcp: lookup ${host}: no such host`;
  },
  clusters: {
    "aws:eks/cluster:Cluster": (server, authority) => ({
      endpoint: server,
      certificateAuthority: { data: authority },
    }),
  },
};

const leaves = ({ region }: Thing, type: string, name: string): Remains => ({
  leaves: { type, id: name, name, region, urn: "", inputs: {}, outputs: {} },
});
