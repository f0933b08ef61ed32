/** For tests: simulated clouds, asked as a plugin asks them. */
import type { Clusters } from "../contract";
import type { Create } from "../../offline/update";
import type { WireObject } from "../../offline/wire";
import type { Place } from "./cloud";
import { generated } from "./generated";
import { create } from "./outputs";
import { Store } from "./store";
import type { Thing } from "./thing";
import { World } from "./world";

const ACCOUNT = "112233445566";

/** One type of each cloud by a short name. */
export const TYPES = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  group: "aws:ec2/securityGroup:SecurityGroup",
  address: "aws:ec2/eip:Eip",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  alias: "aws:kms/alias:Alias",
  key: "aws:kms/key:Key",
  eks: "aws:eks/cluster:Cluster",
  nodes: "aws:eks/nodeGroup:NodeGroup",
  logs: "aws:cloudwatch/logGroup:LogGroup",
  rds: "aws:rds/instance:Instance",
  rdsSubnets: "aws:rds/subnetGroup:SubnetGroup",
  rdsParameters: "aws:rds/parameterGroup:ParameterGroup",
  caches: "aws:elasticache/replicationGroup:ReplicationGroup",
  cacheSubnets: "aws:elasticache/subnetGroup:SubnetGroup",
  msk: "aws:msk/cluster:Cluster",
  mskConfiguration: "aws:msk/configuration:Configuration",
  s3: "aws:s3/bucket:Bucket",
  s3Policy: "aws:s3/bucketPolicy:BucketPolicy",
  secret: "aws:secretsmanager/secret:Secret",
  doVpc: "digitalocean:index/vpc:Vpc",
  doks: "digitalocean:index/kubernetesCluster:KubernetesCluster",
  doPool: "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
  doDatabase: "digitalocean:index/databaseCluster:DatabaseCluster",
  doTopic: "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
  spaces: "digitalocean:index/spacesBucket:SpacesBucket",
  network: "gcp:compute/network:Network",
  subnetwork: "gcp:compute/subnetwork:Subnetwork",
  peering: "gcp:servicenetworking/connection:Connection",
  gke: "gcp:container/cluster:Cluster",
  gkePool: "gcp:container/nodePool:NodePool",
  sql: "gcp:sql/databaseInstance:DatabaseInstance",
  sqlUser: "gcp:sql/user:User",
  gcs: "gcp:storage/bucket:Bucket",
  ring: "gcp:kms/keyRing:KeyRing",
} as const;

export type Kind = keyof typeof TYPES;

/**
 * Plays an `up` in a world: what it refuses is thrown. Without the engine nothing waits, so a cluster is as unreachable as
 * its plausible address.
 */
export const playedIn =
  (world: World, place: Place): Create =>
  (registration) => {
    const { urn, type, inputs } = registration;
    return /^(aws|digitalocean|gcp):/u.test(type)
      ? world.accept({ urn, id: "", inputs, place })
      : (generated(registration) ?? create(registration));
  };

export class Trial {
  readonly world: World;
  days = 0;
  private count = 0;

  constructor(file?: string, clusters?: Clusters) {
    const now = (): number => this.days * 86_400_000;
    this.world = new World(new Store(file), { now, ...(clusters && { clusters }) });
  }

  /** Of an AWS program in `us-east-1`, unless told otherwise. */
  async make(
    kind: Kind,
    inputs: WireObject = {},
    region = "us-east-1",
    account = ACCOUNT,
  ): Promise<Thing> {
    this.count += 1;
    const urn = `urn:pulumi:dev::runstack::${TYPES[kind]}::thing-${String(this.count)}`;
    const { id } = await this.world.create({
      urn,
      id: "",
      inputs,
      place: { region, account },
    });
    const made = this.world.find({ urn, id });
    if (made === undefined) throw new Error(`${kind} was not kept.`);
    return made;
  }

  delete(thing: Thing): Promise<void> {
    return this.world.delete(this.callOf(thing));
  }

  update(thing: Thing, inputs: WireObject): void {
    this.world.update({ ...this.callOf(thing), inputs });
  }

  callOf({ urn, id, region, inputs }: Thing) {
    return { urn, id, inputs, place: { region, account: ACCOUNT } };
  }
}
