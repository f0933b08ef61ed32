import * as gcp from "@pulumi/gcp/redis";
import * as pulumi from "@pulumi/pulumi";
import { MEMORYSTORE_GIB } from "../../../settings/clouds/gcp";
import type { MaintenanceWindow } from "../../../systems/model";
import { hours, type Size } from "../../../systems/units";
import type { GooglePlacement } from "../../cluster/contract";
import { MEMORYSTORE_VERSIONS } from "../../../versions";
import { Component, type ComponentOptions } from "../../kit/component";
import type { Reach } from "../../kit/egress";
import { enforce, quoted } from "../../kit/validation";
import type { Redis } from "../../redis/contract";
import { redisUrl } from "../../redis/url";

export interface MemorystoreRedisArguments {
  /**
   * 2 to 41 lower-case letters, digits and hyphens. Changing it replaces the instance and its data.
   */
  readonly instanceName: string;
  /** `major.minor`. A lower one replaces the instance and its data. */
  readonly version: string;
  /** 1 to 300 whole GiB, changed in place. */
  readonly memory: Size;
  /** A second node in another zone takes over. Changing it replaces the instance and its data. */
  readonly highlyAvailable: boolean;
  /** `state` must never be evicted; a `cache` may be. */
  readonly use: readonly ("cache" | "state")[];
  readonly placement: GooglePlacement;
  /** CIDR of the range for private services. */
  readonly cidr: string;
  /** UTC. The window lasts an hour, whatever the runbook says. */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  readonly protect: boolean;
}

const GIB = 1024 ** 3;

/** Google's Memorystore: with TLS and a password, in the network's range for private services. */
export class MemorystoreRedis extends Component implements Redis {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly url: pulumi.Output<string>;
  readonly tls = true;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly engine = "redis";
  readonly mode = "standalone";
  readonly reach: readonly Reach[];
  readonly capabilities: Redis["capabilities"];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: MemorystoreRedisArguments, options: ComponentOptions) {
    const { instanceName, version, highlyAvailable } = args;
    super("redis:MemorystoreRedis", name, { instanceName, version, highlyAvailable }, options);
    checkMemorystore(name, args);

    const instance = this.createInstance(args);
    this.host = instance.host;
    this.port = instance.port;
    this.username = pulumi.output("");
    this.password = pulumi.secret(instance.authString);
    this.url = redisUrl(this);
    // The next CA is published years before the current one expires: clients trust both.
    this.certificateAuthority = instance.serverCaCerts.apply((all) =>
      all.map(({ cert }) => cert.trim()).join("\n"),
    );
    // 6378 is for TLS; 6379 is included in case Google moves it back.
    this.reach = [{ kind: "network", cidr: args.cidr, firstPort: 6378, lastPort: 6379 }];
    this.capabilities = {
      failover: highlyAvailable,
      ...SNAPSHOTS,
    };
    this.ready = [instance];
    this.publish();
  }

  private createInstance(args: MemorystoreRedisArguments): gcp.Instance {
    const { placement } = args;
    const [hour = "0", minute = "0"] = args.maintenance.start.split(":");
    return new gcp.Instance(
      this.child("instance"),
      {
        name: args.instanceName,
        project: placement.project,
        region: placement.region,
        tier: args.highlyAvailable ? "STANDARD_HA" : "BASIC",
        memorySizeGb: args.memory.bytes / GIB,
        redisVersion: MEMORYSTORE_VERSIONS[args.version] ?? "",
        redisConfigs: {
          "maxmemory-policy": args.use.includes("state") ? "noeviction" : "allkeys-lru",
        },
        authEnabled: true,
        transitEncryptionMode: "SERVER_AUTHENTICATION",
        connectMode: "PRIVATE_SERVICE_ACCESS",
        authorizedNetwork: placement.networkId,
        // In this mode it is a range's name, not a CIDR.
        reservedIpRange: placement.peeringRange,
        persistenceConfig: { persistenceMode: "RDB", rdbSnapshotPeriod: "ONE_HOUR" },
        maintenancePolicy: {
          weeklyMaintenanceWindows: [
            {
              day: args.maintenance.day.toUpperCase(),
              startTime: { hours: Number(hour), minutes: Number(minute), seconds: 0, nanos: 0 },
            },
          ],
        },
        // The default protects nothing, whatever its description says.
        deletionProtection: args.protect,
        deletionPolicy: args.protect ? "PREVENT" : "DELETE",
      },
      this.options({
        protect: args.protect,
        // The private services connection must exist first, and no input refers to it.
        dependsOn: [placement.peering],
        customTimeouts: { create: "60m", update: "60m", delete: "30m" },
      }),
    );
  }
}

const SNAPSHOTS = {
  backups: true,
  backupEvery: hours(1),
  backupGap:
    "Memorystore keeps only the newest hourly snapshot, and deletes it with the instance: export snapshots to a bucket to keep older ones.",
} as const;

/** What Google would reject or misinterpret. Pure. */
export function checkMemorystore(
  name: string,
  args: Pick<MemorystoreRedisArguments, "instanceName" | "version" | "memory">,
): void {
  const { least, most } = MEMORYSTORE_GIB;
  const size = args.memory.bytes / GIB;
  enforce(`MemorystoreRedis ${name}`, [
    {
      holds: /^[a-z][a-z0-9-]{0,39}[a-z0-9]$/.test(args.instanceName),
      key: "instanceName",
      value: quoted(args.instanceName),
      allowed:
        "2 to 41 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
      next: "Shorten the system's id or the cache's name.",
    },
    {
      holds: Object.keys(MEMORYSTORE_VERSIONS).includes(args.version),
      key: "version",
      value: quoted(args.version),
      allowed: `one of ${Object.keys(MEMORYSTORE_VERSIONS).join(", ")}`,
      next: "Choose one of them.",
    },
    {
      holds: Number.isInteger(size) && size >= least && size <= most,
      key: "memory",
      value: `${size} GiB`,
      allowed: `${least} to ${most} whole GiB`,
      next: "Set runstack:redisSize.",
    },
  ]);
}
