/** The types that the rules of AWS are about, and the inputs by which they use a network. */
export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
export const NAT = "aws:ec2/natGateway:NatGateway";
export const ADDRESS = "aws:ec2/eip:Eip";
export const TABLE = "aws:ec2/routeTable:RouteTable";
export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
export const ROLE = "aws:iam/role:Role";
export const EKS_CLUSTER = "aws:eks/cluster:Cluster";
export const NODES = "aws:eks/nodeGroup:NodeGroup";
export const INSTANCE = "aws:rds/instance:Instance";
export const RDS_SUBNETS = "aws:rds/subnetGroup:SubnetGroup";
export const RDS_PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
export const PROXY = "aws:rds/proxy:Proxy";
export const CACHES = "aws:elasticache/replicationGroup:ReplicationGroup";
export const CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
export const CACHE_PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
export const KAFKA = "aws:msk/cluster:Cluster";
export const KAFKA_CONFIGURATION = "aws:msk/configuration:Configuration";
export const SECRET = "aws:secretsmanager/secret:Secret";
export const KEY = "aws:kms/key:Key";
export const ALIAS = "aws:kms/alias:Alias";
export const BUCKET = "aws:s3/bucket:Bucket";
export const LOGS = "aws:cloudwatch/logGroup:LogGroup";
/** What an RDS or ElastiCache instance leaves when it is deleted. */
export const DB_SNAPSHOT = "aws:rds/snapshot:Snapshot";

/** What has network interfaces in subnets, with its paths to them. */
export const IN_SUBNETS = [
  EKS_CLUSTER,
  NODES,
  NAT,
  ENDPOINT,
  KAFKA,
  PROXY,
  RDS_SUBNETS,
  CACHE_SUBNETS,
];
export const SUBNETS = [
  ...["subnetId", "subnetIds", "vpcSubnetIds"],
  ...["vpcConfig.subnetIds", "brokerNodeGroupInfo.clientSubnets"],
];
export const IN_GROUPS = [EKS_CLUSTER, ENDPOINT, KAFKA, PROXY, INSTANCE, CACHES];
export const GROUPS = [
  ...["securityGroupIds", "vpcSecurityGroupIds"],
  ...["vpcConfig.securityGroupIds", "brokerNodeGroupInfo.securityGroups"],
];
export const PERMISSIONS = [
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
