import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as elasticache from "@pulumi/aws/elasticache";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { days, type Duration } from "../../../../systems/units";
import type { AwsPlacement } from "../../../cluster/contract";
import { ELASTICACHE_FAMILIES } from "../../../../versions";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Reach } from "../../../kit/egress";
import type { Redis } from "../../../redis/contract";
import { checkElastiCache, daysOf, replicasOf } from "./check";
import { weeklyWindow, type Window } from "../window";
import { snapshotWindow } from "./windows";
import { storePassword } from "../../../redis/password";
import { redisUrl } from "../../../redis/url";

/** Changing the mode replaces the group and loses its data. */
export type ElastiCacheShape =
  | {
      readonly mode: "cluster";
      /** 1 to 90; changed in place, while clients wait for the shards to be moved. */
      readonly shards: number;
      /** 0 to 5; with at least one, a replica in another zone takes over automatically. */
      readonly replicasPerShard: number;
    }
  | { readonly mode: "standalone"; readonly replicas: number };

export interface ElastiCacheRedisArguments {
  /**
   * At most 40 lower-case letters, digits and hyphens. Changing it replaces the group and its data.
   */
  readonly clusterName: string;
  /** From redis to valkey in place; the reverse replaces the group and its data. */
  readonly engine: "redis" | "valkey";
  /** `major.minor`. A lower one replaces the group and its data. */
  readonly version: string;
  readonly nodeType: string;
  readonly shape: ElastiCacheShape;
  /** `state` must never be evicted; a `cache` may be. */
  readonly use: readonly ("cache" | "state")[];
  readonly placement: AwsPlacement;
  /** CIDR of the network from which the nodes get their addresses. */
  readonly cidr: string;
  /** UTC; at least an hour. The daily snapshot's hour starts an hour after its end. */
  readonly maintenance: Window;
  /** 1 to 35 days. */
  readonly snapshotRetention: Duration;
  /**
   * The runbook's minimum: a shorter retention is refused.
   * @default none
   */
  readonly leastRetention?: Duration;
  /**
   * Any text; changing it generates a new password. The previous one stays valid until the next
   * rotation, so that clients can switch: to lock somebody out, rotate twice.
   * @default "1"
   */
  readonly rotation?: string;
  readonly protect: boolean;
}

const PORT = 6379;

/** Ninety days of logs, as everywhere in this cloud. */
const LOG_DAYS = 90;

const LOGS = ["slow-log", "engine-log"] as const;

/**
 * Amazon ElastiCache with nodes: encrypted in transit and at rest, reachable only from the
 * cluster's nodes, with a replica in another zone and a daily snapshot.
 */
export class ElastiCacheRedis extends Component implements Redis {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly url: pulumi.Output<string>;
  readonly tls = true;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Amazon's own CA, which operating systems trust. */
  readonly certificateAuthority = undefined;
  readonly engine: Redis["engine"];
  readonly mode: Redis["mode"];
  readonly nodes: pulumi.Output<readonly string[]> | undefined;
  readonly reach: readonly Reach[];
  readonly capabilities: Redis["capabilities"];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ElastiCacheRedisArguments, options: ComponentOptions) {
    const { clusterName, engine, version, nodeType } = args;
    super("redis:ElastiCacheRedis", name, { clusterName, engine, version, nodeType }, options);
    checkElastiCache(name, args);

    const token = storePassword(this.child("password"), args.rotation ?? "1", this.options());
    const { group: securityGroup, rule } = this.createSecurityGroup(args);
    const group = this.createGroup(args, token, securityGroup);

    this.host =
      args.shape.mode === "cluster"
        ? group.configurationEndpointAddress
        : group.primaryEndpointAddress;
    this.port = pulumi.output(PORT);
    this.username = pulumi.output("");
    this.password = token.result;
    this.url = redisUrl(this);
    this.engine = engine;
    this.mode = args.shape.mode;
    this.nodes = nodeNames(this.host, args);
    this.reach = [{ kind: "network", cidr: args.cidr, firstPort: PORT, lastPort: PORT }];
    this.capabilities = { failover: replicasOf(args.shape) > 0, backups: true, ...BACKUPS };
    this.ready = [group, rule];
    this.publish();
  }

  private createGroup(
    args: ElastiCacheRedisArguments,
    token: random.RandomPassword,
    securityGroup: ec2.SecurityGroup,
  ): elasticache.ReplicationGroup {
    return new elasticache.ReplicationGroup(
      this.child("group"),
      {
        replicationGroupId: args.clusterName,
        description: `${args.use.join(" and ")} of ${args.clusterName}`,
        engine: args.engine,
        engineVersion: args.version,
        nodeType: args.nodeType,
        port: PORT,
        ...nodes(args.shape),
        parameterGroupName: this.createParameters(args).name,
        subnetGroupName: this.createSubnetGroup(args).name,
        securityGroupIds: [securityGroup.id],
        atRestEncryptionEnabled: true,
        kmsKeyId: args.placement.encryptionKeyArn,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: token.result,
        authTokenUpdateStrategy: "ROTATE",
        maintenanceWindow: weeklyWindow(args.maintenance),
        snapshotWindow: snapshotWindow(args.maintenance),
        snapshotRetentionLimit: daysOf(args.snapshotRetention),
        finalSnapshotIdentifier: this.finalSnapshot(args),
        logDeliveryConfigurations: this.createLogs(args),
        autoMinorVersionUpgrade: true,
        // Changes wait for the maintenance window if they can; passwords and node counts never do.
        applyImmediately: false,
      },
      this.options({
        protect: args.protect,
        customTimeouts: { create: "90m", update: "120m", delete: "60m" },
      }),
    );
  }

  /** A separate group, because the default ones evict keys with an expiry, including state. */
  private createParameters(args: ElastiCacheRedisArguments): elasticache.ParameterGroup {
    const policy = args.use.includes("state") ? "noeviction" : "allkeys-lru";
    return new elasticache.ParameterGroup(
      this.child("parameters"),
      {
        // No fixed name: another family needs a second group while the first one is still in use.
        family: ELASTICACHE_FAMILIES[args.engine][args.version] ?? "",
        description: `Parameters of ${args.clusterName}`,
        parameters: [
          ...(args.shape.mode === "cluster" ? [{ name: "cluster-enabled", value: "yes" }] : []),
          { name: "maxmemory-policy", value: policy },
        ],
      },
      this.options(),
    );
  }

  private createSubnetGroup(args: ElastiCacheRedisArguments): elasticache.SubnetGroup {
    return new elasticache.SubnetGroup(
      this.child("subnets"),
      {
        name: args.clusterName,
        description: `Private subnets of ${args.clusterName}`,
        subnetIds: [...args.placement.privateSubnetIds],
      },
      this.options(),
    );
  }

  private createSecurityGroup(args: ElastiCacheRedisArguments): {
    readonly group: ec2.SecurityGroup;
    readonly rule: vpc.SecurityGroupIngressRule;
  } {
    const group = new ec2.SecurityGroup(
      this.child("security-group"),
      { vpcId: args.placement.vpcId, description: `Nodes of ${args.clusterName}` },
      this.options(),
    );
    const rule = new vpc.SecurityGroupIngressRule(
      this.child("from-cluster"),
      {
        securityGroupId: group.id,
        description: "From the nodes of the cluster",
        referencedSecurityGroupId: args.placement.securityGroupId,
        ipProtocol: "tcp",
        fromPort: PORT,
        toPort: PORT,
      },
      this.options(),
    );
    return { group, rule };
  }

  /**
   * The final snapshot, taken when the group is deleted, protected or not. A fixed name would clash
   * with the snapshot of an earlier group of the same name.
   */
  private finalSnapshot(args: ElastiCacheRedisArguments): pulumi.Output<string> {
    const suffix = new random.RandomId(
      this.child("final-snapshot"),
      { byteLength: 4, keepers: { group: args.clusterName } },
      this.options(),
    );
    return pulumi.interpolate`${args.clusterName}-final-${suffix.hex}`;
  }

  private createLogs(args: ElastiCacheRedisArguments) {
    return LOGS.map((logType) => {
      const group = new cloudwatch.LogGroup(
        this.child(logType),
        {
          // With this prefix, log delivery needs no space in the account's resource policy.
          name: `/aws/vendedlogs/elasticache/${args.clusterName}/${logType}`,
          retentionInDays: LOG_DAYS,
          kmsKeyId: args.placement.encryptionKeyArn,
        },
        this.options(),
      );
      return {
        logType,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: group.name,
      };
    });
  }
}

/**
 * Of the configuration endpoint `clustercfg.GROUP.…`, the nodes `GROUP-SHARD-NODE.GROUP.…` (Amazon ElastiCache User
 * Guide, "Finding a node's endpoint"); undefined without shards.
 */
function nodeNames(
  host: pulumi.Output<string>,
  { shape, clusterName }: Pick<ElastiCacheRedisArguments, "shape" | "clusterName">,
): pulumi.Output<readonly string[]> | undefined {
  if (shape.mode === "standalone") return undefined;
  const numbers = (count: number, digits: number): string[] =>
    Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, "0"));
  const nodes = numbers(shape.shards, 4).flatMap((shard) =>
    numbers(1 + shape.replicasPerShard, 3).map((node) => `${clusterName}-${shard}-${node}`),
  );
  return host.apply((name) => nodes.map((node) => name.replace(/^clustercfg\b/, node)));
}

const BACKUPS = {
  backupEvery: days(1),
  backupGap:
    "ElastiCache with nodes takes one automatic snapshot a day. Hourly manual snapshots would exceed its limit of 20 per node in 24 hours, and manual snapshots never expire. If the whole replication group is lost, up to a day of writes is lost.",
} as const;

/** Failover needs a replica; in cluster mode Amazon requires the setting in any case. */
function nodes(shape: ElastiCacheShape) {
  const multiAzEnabled = replicasOf(shape) > 0;
  return shape.mode === "cluster"
    ? {
        numNodeGroups: shape.shards,
        replicasPerNodeGroup: shape.replicasPerShard,
        automaticFailoverEnabled: true,
        multiAzEnabled,
      }
    : {
        numCacheClusters: 1 + shape.replicas,
        automaticFailoverEnabled: multiAzEnabled,
        multiAzEnabled,
      };
}
