import { describe, expect, it } from "vitest";
import { Trial } from "../testing";

describe("what AWS refuses to create", () => {
  it.each([
    ["eks", "name", "ResourceInUseException: Cluster already exists with name: bikes"],
    ["rds", "identifier", "DBInstanceAlreadyExists: DB instance already exists"],
    [
      "rdsSubnets",
      "name",
      "DBSubnetGroupAlreadyExists: The DB subnet group 'bikes' already exists.",
    ],
    [
      "caches",
      "replicationGroupId",
      "ReplicationGroupAlreadyExists: Replication group bikes already exists",
    ],
    ["msk", "clusterName", "ConflictException: A resource with this name already exists."],
    ["logs", "name", "ResourceAlreadyExistsException: The specified log group already exists"],
    [
      "alias",
      "name",
      "AlreadyExistsException: An alias with the name bikes already exists in us-east-1",
    ],
  ] as const)(
    "a second %s of a name in a region, and not in another one",
    async (kind, at, message) => {
      const trial = new Trial();
      const inputs = { [at]: "bikes", skipFinalSnapshot: true };
      await trial.make(kind, inputs);
      await expect(trial.make(kind, inputs)).rejects.toThrow(message);
      await trial.make(kind, inputs, "eu-west-1");
      await trial.make(kind, { ...inputs, [at]: "boats" });
      await trial.make(kind);
    },
  );

  it("a second role of a name in the account", async () => {
    const trial = new Trial();
    await trial.make("role", { name: "bikes" });
    await expect(trial.make("role", { name: "bikes" }, "eu-west-1")).rejects.toThrow(
      "EntityAlreadyExists: Role with name bikes already exists.",
    );
  });

  it("a second bucket of a name on earth", async () => {
    const trial = new Trial();
    await trial.make("s3", { bucket: "bikes" });
    await expect(trial.make("s3", { bucket: "bikes" }, "eu-west-1")).rejects.toThrow(
      "BucketAlreadyOwnedByYou",
    );
  });

  it("a secret whose name a deleted one keeps for its recovery window", async () => {
    const trial = new Trial();
    const secret = await trial.make("secret", { name: "bikes/key" });
    await trial.delete(secret);
    trial.days = 29;
    await expect(trial.make("secret", { name: "bikes/key" })).rejects.toThrow(
      "InvalidRequestException: You can't create this secret because a secret with this name already exists or is scheduled for deletion: bikes/key",
    );
    await trial.make("secret", { name: "bikes/key" }, "eu-west-1");
    trial.days = 31;
    await trial.delete(await trial.make("secret", { name: "bikes/key", recoveryWindowInDays: 0 }));
    await trial.make("secret", { name: "bikes/key" });
  });

  it.each([
    ["subnet", "vpcId", "vpc", "InvalidVpcID.NotFound: The vpc ID 'other' does not exist"],
    ["nodes", "clusterName", "eks", "ResourceNotFoundException: No cluster found for name: other."],
    ["rolePolicy", "role", "role", "NoSuchEntity: The role with name other cannot be found."],
    [
      "rds",
      "dbSubnetGroupName",
      "rdsSubnets",
      "DBSubnetGroupNotFoundFault: DB subnet group 'other' does not exist.",
    ],
    ["rds", "replicateSourceDb", "rds", "DBInstanceNotFound: DBInstance other not found."],
    [
      "caches",
      "subnetGroupName",
      "cacheSubnets",
      "CacheSubnetGroupNotFoundFault: Cache Subnet Group other does not exist.",
    ],
    [
      "rdsSubnets",
      "subnetIds",
      "subnet",
      "InvalidSubnetID.NotFound: The subnet ID 'other' does not exist",
    ],
    [
      "rds",
      "vpcSecurityGroupIds",
      "group",
      "InvalidGroup.NotFound: The security group 'other' does not exist",
    ],
  ] as const)("a %s whose %s is no %s of the region", async (kind, at, target, message) => {
    const trial = new Trial();
    const { id, name } = await trial.make(target);
    const known = target === "vpc" || target === "subnet" || target === "group" ? id : name;
    await expect(trial.make(kind, { [at]: "other" })).rejects.toThrow(message);
    await trial.make(kind, { [at]: known });
    if (target === "role" || at === "replicateSourceDb") return;
    await expect(trial.make(kind, { [at]: known }, "eu-west-1")).rejects.toThrow(known);
  });

  it("what is encrypted with a key of another region", async () => {
    const trial = new Trial();
    const { outputs } = await trial.make("key");
    const inputs = { kmsKeyId: outputs["arn"] ?? "" };
    await trial.make("rds", inputs);
    await expect(trial.make("rds", inputs, "eu-west-1")).rejects.toThrow(
      "KMSKeyNotAccessibleFault",
    );
  });

  it("a replica of a database without backups, while one of another region can follow", async () => {
    const trial = new Trial();
    await trial.make("rds", { identifier: "bare", backupRetentionPeriod: 0 });
    const { outputs } = await trial.make("rds", { identifier: "kept", backupRetentionPeriod: 7 });
    await expect(trial.make("rds", { replicateSourceDb: "bare" })).rejects.toThrow(
      "InvalidDBInstanceState: Automated backups are not enabled",
    );
    await trial.make("rds", { replicateSourceDb: outputs["arn"] ?? "" }, "eu-west-1");
  });

  it("two subnets of one range in a network", async () => {
    const trial = new Trial();
    const { id: vpcId } = await trial.make("vpc");
    await trial.make("subnet", { vpcId, cidrBlock: "10.7.0.0/24" });
    await expect(trial.make("subnet", { vpcId, cidrBlock: "10.7.0.0/24" })).rejects.toThrow(
      "InvalidSubnet.Conflict: The CIDR '10.7.0.0/24' conflicts with another subnet",
    );
    await trial.make("subnet", { vpcId, cidrBlock: "10.7.1.0/24" });
  });

  it.each([
    ["vpc", "VpcLimitExceeded: The maximum number of VPCs has been reached."],
    ["address", "AddressLimitExceeded: The maximum number of addresses has been reached."],
  ] as const)("a sixth %s in a region", async (kind, message) => {
    const trial = new Trial();
    for (let count = 0; count < 5; count += 1) await trial.make(kind);
    await expect(trial.make(kind)).rejects.toThrow(message);
    await trial.make(kind, {}, "eu-west-1");
  });
});

describe("what AWS refuses to delete", () => {
  it.each([
    [
      "vpc",
      "subnet",
      "vpcId",
      "DependencyViolation: The vpc 'ID' has dependencies and cannot be deleted.",
    ],
    [
      "subnet",
      "nodes",
      "subnetIds",
      "DependencyViolation: The subnet 'ID' has dependencies and cannot be deleted.",
    ],
    [
      "group",
      "rds",
      "vpcSecurityGroupIds",
      "DependencyViolation: resource ID has a dependent object",
    ],
    [
      "role",
      "attachment",
      "role",
      "DeleteConflict: Cannot delete entity, must detach all policies first.",
    ],
    [
      "role",
      "rolePolicy",
      "role",
      "DeleteConflict: Cannot delete entity, must delete policies first.",
    ],
    ["eks", "nodes", "clusterName", "ResourceInUseException: Cluster has nodegroups attached"],
    [
      "rdsSubnets",
      "rds",
      "dbSubnetGroupName",
      "InvalidDBSubnetGroupStateFault: Cannot delete the subnet group 'ID'",
    ],
    [
      "rdsParameters",
      "rds",
      "parameterGroupName",
      "InvalidDBParameterGroupState: One or more database instances",
    ],
    [
      "cacheSubnets",
      "caches",
      "subnetGroupName",
      "CacheSubnetGroupInUse: Cache subnet group ID is currently in use",
    ],
    [
      "mskConfiguration",
      "msk",
      "configurationInfo.arn",
      "BadRequestException: Configuration is in use",
    ],
  ] as const)("a %s with a %s, until that is gone", async (kind, member, at, message) => {
    const trial = new Trial();
    const thing = await trial.make(kind);
    const [key = "", inner] = at.split(".");
    const value = inner === undefined ? thing.id : { [inner]: thing.id };
    const inputs = { [key]: value, skipFinalSnapshot: true };
    const user = await trial.make(member, inputs);
    await expect(trial.delete(thing)).rejects.toThrow(message.replace("ID", thing.id));
    await trial.delete(user);
    await trial.delete(thing);
    expect(trial.world.things).toEqual([]);
  });

  it.each([
    [
      "rds",
      "deletionProtection",
      "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.",
    ],
    ["eks", "deletionProtection", "deletion protection is enabled"],
    ["logs", "deletionProtectionEnabled", "has deletion protection enabled"],
  ] as const)("a %s while its %s is on", async (kind, at, message) => {
    const trial = new Trial();
    const thing = await trial.make(kind, { [at]: true, skipFinalSnapshot: true });
    await expect(trial.delete(thing)).rejects.toThrow(message);
    trial.update(thing, { [at]: false, skipFinalSnapshot: true });
    await trial.delete(thing);
    expect(trial.world.things).toEqual([]);
  });

  it("a bucket with objects, unless it may empty it", async () => {
    const trial = new Trial();
    const bucket = await trial.make("s3", { bucket: "bikes" });
    trial.world.put("bikes", "dump/1");
    await expect(trial.delete(bucket)).rejects.toThrow("BucketNotEmpty");
    trial.update(bucket, { bucket: "bikes", forceDestroy: true });
    await trial.delete(bucket);
    await trial.delete(await trial.make("s3", { bucket: "bikes" }));
  });

  it("a database that leaves no final snapshot, or one whose name is taken", async () => {
    const trial = new Trial();
    const inputs = { finalSnapshotIdentifier: "bikes-last" };
    await expect(trial.delete(await trial.make("rds"))).rejects.toThrow(
      "FinalDBSnapshotIdentifier",
    );
    await trial.delete(await trial.make("rds", inputs));
    await expect(trial.delete(await trial.make("rds", inputs))).rejects.toThrow(
      "DBSnapshotAlreadyExists",
    );
    expect(trial.world.of(["aws:rds/snapshot:Snapshot"]).map(({ name }) => name)).toEqual([
      "bikes-last",
    ]);
  });

  it("leaves the last snapshot of a cache", async () => {
    const trial = new Trial();
    await trial.delete(await trial.make("caches", { finalSnapshotIdentifier: "bikes-last" }));
    expect(trial.world.things.map(({ type }) => type)).toEqual([
      "aws:elasticache/snapshot:Snapshot",
    ]);
  });
});
