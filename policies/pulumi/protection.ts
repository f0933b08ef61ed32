/** What holds data, or holds up everything else, cannot be deleted by mistake. */
import { isProduction } from "../environment";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../policy";

/** Resources whose loss is a loss of data or of a whole cluster, by cloud. */
const STATEFUL: readonly string[] = [
  "digitalocean:index/databaseCluster:DatabaseCluster",
  "digitalocean:index/kubernetesCluster:KubernetesCluster",
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/volume:Volume",
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:kms/key:Key",
  "aws:msk/cluster:Cluster",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:secretsmanager/secret:Secret",
  "gcp:compute/disk:Disk",
  "gcp:container/cluster:Cluster",
  "gcp:filestore/instance:Instance",
  "gcp:kms/cryptoKey:CryptoKey",
  "gcp:managedkafka/cluster:Cluster",
  "gcp:memorystore/instance:Instance",
  "gcp:redis/cluster:Cluster",
  "gcp:redis/instance:Instance",
  "gcp:secretmanager/secret:Secret",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:storage/bucket:Bucket",
];

export const protection: readonly Policy[] = [
  {
    name: "stateful-protected",
    title: "What holds data is protected",
    clause: {
      reference: "PO-02",
      url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    },
    severity: "critical",
    themes: ["recovery"],
    prevents: "A renamed resource or a mistaken destroy deletes the database with its data.",
    description: "In production clusters and whatever holds data are protected from deletion.",
    remediation:
      "Give the resource, or the component around it, the option protect: true; lift it in a change of its own before a deletion that is meant.",
    enforcement: STRICT_IN_PRODUCTION,
    check: {
      kind: "resource",
      types: STATEFUL,
      run: (resource, context) => {
        if (!isProduction(context.surroundings) || resource.protect) return;
        context.report(
          `${nameOf(resource)}: the option protect is false; production needs it to be true.`,
        );
      },
    },
  },
];
