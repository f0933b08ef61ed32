import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../../kit/component";
import { managedDatabase, type ManagedDatabaseArguments } from "./database";
import type { Reach } from "../../kit/egress";
import { enforce, quoted } from "../../kit/validation";
import type { Redis } from "../../redis/contract";
import { redisUrl } from "../../redis/url";

export interface DigitalOceanRedisArguments extends Omit<
  ManagedDatabaseArguments,
  "engine" | "evictionPolicy"
> {
  /** `state` must never be evicted; a `cache` may be. */
  readonly use: readonly ("cache" | "state")[];
  /** CIDR of the VPC, which contains the private address. */
  readonly cidr: string;
}

/** DigitalOcean assigns a port from this range, which is known only afterwards. */
const PORTS = { firstPort: 25060, lastPort: 25090 } as const;

/**
 * DigitalOcean's managed Valkey, which replaced Redis there in 2025 and uses its protocol. It has
 * no backups and no read replicas; a standby node takes over when the primary fails.
 */
export class DigitalOceanRedis extends Component implements Redis {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly url: pulumi.Output<string>;
  readonly tls = true;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly engine = "valkey";
  readonly mode = "standalone";
  readonly reach: readonly Reach[];
  readonly capabilities: Redis["capabilities"];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DigitalOceanRedisArguments, options: ComponentOptions) {
    const { clusterName, version, size, nodes } = args;
    super("redis:DigitalOceanRedis", name, { clusterName, version, size, nodes }, options);
    checkRedis(name, args);

    const evictionPolicy = args.use.includes("state") ? "noeviction" : "allkeys_lru";
    const { cluster, firewall, certificateAuthority } = managedDatabase(
      name,
      { ...args, engine: "valkey", evictionPolicy },
      this.options(),
    );
    this.host = cluster.privateHost;
    this.port = cluster.port;
    this.username = cluster.user;
    this.password = cluster.password;
    this.url = redisUrl(this);
    this.certificateAuthority = certificateAuthority;
    this.reach = [{ kind: "network", cidr: args.cidr, ...PORTS }];
    this.capabilities = { failover: nodes >= 2, backups: false };
    this.ready = [cluster, firewall];
    this.publish();
  }
}

/** Pure. */
export function checkRedis(
  name: string,
  { nodes, size }: Pick<DigitalOceanRedisArguments, "nodes" | "size">,
): void {
  enforce(`DigitalOceanRedis ${name}`, [
    {
      holds: [1, 2, 3].includes(nodes),
      key: "nodes",
      value: String(nodes),
      allowed: "1, 2 or 3",
      next: "Valkey has one primary and at most two standbys.",
    },
    {
      holds: nodes <= 1 || size !== "db-s-1vcpu-1gb",
      key: "size",
      value: quoted(size),
      allowed: "db-s-1vcpu-2gb or larger with a standby",
      next: "Set runstack:redisSize.",
    },
  ]);
}
