/** Resources that take minutes on AWS and Google Cloud. Every other resource there is one quick call. */
import { judged, measured, type Provisioning } from "./provisioning-time";

export const AWS: Readonly<Record<string, Provisioning>> = {
  "aws:ec2/natGateway:NatGateway": judged(2, "until the gateway is available"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": judged(2, "network interfaces in each zone"),
  "aws:eks/cluster:Cluster": measured(
    14,
    "Unofficial EKS Cluster Creation Performance (easontechtalk.com): 13 to 16 minutes by region",
  ),
  "aws:eks/nodeGroup:NodeGroup": judged(4, "instances start and join"),
  "aws:eks/addon:Addon": judged(1.5, "until its pods are active"),
  "aws:rds/instance:Instance": measured(15, "oneuptime.com, February 2026: 10 to 20 minutes"),
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": judged(
    30,
    "the first copy; the provider waits up to 75 minutes",
  ),
  "aws:rds/proxy:Proxy": judged(6, "endpoints in each zone"),
  "aws:elasticache/replicationGroup:ReplicationGroup": judged(12, "shards with their replicas"),
  "aws:msk/cluster:Cluster": judged(30, "brokers and their quorum: 20 to 40 minutes"),
  "aws:msk/configuration:Configuration": judged(0.5, "one revision"),
};

export const GOOGLE: Readonly<Record<string, Provisioning>> = {
  "gcp:projects/service:Service": judged(0.5, "an API is switched on"),
  "gcp:compute/network:Network": judged(0.5, "one operation"),
  "gcp:compute/subnetwork:Subnetwork": judged(0.5, "one operation"),
  "gcp:servicenetworking/connection:Connection": judged(1.5, "a peering with Google's network"),
  "gcp:container/cluster:Cluster": judged(
    12,
    "a regional control plane, and the default pool made and removed",
  ),
  "gcp:container/nodePool:NodePool": judged(3, "machines start and join in each zone"),
  "gcp:sql/databaseInstance:DatabaseInstance": measured(
    15,
    "terraform-provider-google#14770: 10 to 20 minutes",
  ),
  "gcp:sql/user:User": judged(0.3, "operations on one instance queue"),
  "gcp:redis/instance:Instance": judged(8, "primary and replica"),
  "gcp:managedkafka/cluster:Cluster": judged(25, "brokers in three zones"),
  "gcp:managedkafka/topic:Topic": judged(0.3, "one operation"),
};
