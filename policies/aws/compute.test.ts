import type * as ebs from "@pulumi/aws/ebs";
import type * as ec2 from "@pulumi/aws/ec2";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";

const WHO = 'LaunchTemplate "boats"';
const METADATA = ["metadataOptions", "httpTokens"] as const;
const HOPS = ["metadataOptions", "httpPutResponseHopLimit"] as const;

const template = (): Fixture => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  name: "boats",
  props: {
    metadataOptions: {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    },
    networkInterfaces: [{ deviceIndex: 0, associatePublicIpAddress: "false" }],
    blockDeviceMappings: [
      { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
      { deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 90 } },
    ],
    userData: Buffer.from("#!/bin/sh\nMODE=fast\n").toString("base64"),
  } satisfies ec2.LaunchTemplateArgs,
});

const instance = (): Fixture => ({
  type: "aws:ec2/instance:Instance",
  name: "boat",
  props: {
    metadataOptions: { httpTokens: "required" },
    associatePublicIpAddress: false,
    rootBlockDevice: { encrypted: true },
    ebsBlockDevices: [{ deviceName: "/dev/sdf", encrypted: true }],
    userData: "#!/bin/sh\nMODE=fast\n",
  } satisfies ec2.InstanceArgs,
});

testPolicy("aws-ec2-metadata-v2", {
  happy: () => [template(), instance()],
  broken: [
    {
      at: METADATA,
      to: "optional",
      says: `${WHO}: metadataOptions.httpTokens is "optional"; it must be "required".`,
    },
    {
      at: ["metadataOptions"],
      of: 1,
      says: 'Instance "boat": metadataOptions.httpTokens is missing; it must be "required".',
    },
    { at: ["metadataOptions"], to: { httpEndpoint: "disabled" }, says: [] },
  ],
  unknown: [METADATA, ["metadataOptions", "httpEndpoint"], ["metadataOptions"], [1, ...METADATA]],
});

testPolicy("aws-ec2-metadata-hop-limit", {
  happy: () => [template(), instance()],
  broken: [
    {
      at: HOPS,
      to: 2,
      says: `${WHO}: metadataOptions.httpPutResponseHopLimit is 2; it must be 1 or less: pods are one hop further away than their node.`,
    },
    {
      at: HOPS,
      to: "1",
      says: `${WHO}: metadataOptions.httpPutResponseHopLimit is "1"; it must be 1 or less: pods are one hop further away than their node.`,
    },
    {
      at: HOPS,
      to: 3,
      setting: { configuration: { "aws-ec2-metadata-hop-limit": { hops: 3 } } },
      says: [],
    },
    { at: HOPS, says: [] },
  ],
  unknown: [HOPS],
});

testPolicy("aws-ec2-no-public-address", {
  happy: () => [template(), instance()],
  broken: [
    {
      at: ["networkInterfaces", 0, "associatePublicIpAddress"],
      to: "true",
      says: `${WHO}: networkInterfaces[0].associatePublicIpAddress is "true"; it must not be true.`,
    },
    { at: ["networkInterfaces", 0, "associatePublicIpAddress"], says: [] },
    {
      at: ["associatePublicIpAddress"],
      of: 1,
      to: true,
      says: 'Instance "boat": associatePublicIpAddress is true; it must not be true.',
    },
  ],
  unknown: [
    ["networkInterfaces"],
    ["networkInterfaces", 0, "associatePublicIpAddress"],
    [1, "associatePublicIpAddress"],
  ],
});

const ENCRYPTED = "it must be true.";
testPolicy("aws-ebs-encrypted", {
  happy: () => [
    template(),
    instance(),
    {
      type: "aws:ebs/volume:Volume",
      name: "hold",
      props: { availabilityZone: "eu-west-3b", encrypted: true } satisfies ebs.VolumeArgs,
    },
    {
      type: "aws:ebs/snapshotCopy:SnapshotCopy",
      name: "copy",
      props: {
        sourceRegion: "eu-west-3",
        sourceSnapshotId: "snap-1",
        encrypted: true,
      } satisfies ebs.SnapshotCopyArgs,
    },
  ],
  broken: [
    {
      at: ["blockDeviceMappings", 1, "ebs", "encrypted"],
      to: "false",
      says: `${WHO}: blockDeviceMappings[1].ebs.encrypted is "false"; ${ENCRYPTED}`,
    },
    {
      at: ["blockDeviceMappings", 1, "ebs", "encrypted"],
      says: `${WHO}: blockDeviceMappings[1].ebs.encrypted is missing; ${ENCRYPTED}`,
    },
    {
      at: ["rootBlockDevice"],
      of: 1,
      says: `Instance "boat": rootBlockDevice.encrypted is missing; ${ENCRYPTED}`,
    },
    {
      at: ["ebsBlockDevices", 0, "encrypted"],
      of: 1,
      to: false,
      says: `Instance "boat": ebsBlockDevices[0].encrypted is false; ${ENCRYPTED}`,
    },
    { at: ["encrypted"], of: 2, says: `Volume "hold": encrypted is missing; ${ENCRYPTED}` },
    {
      at: ["encrypted"],
      of: 3,
      to: false,
      says: `SnapshotCopy "copy": encrypted is false; ${ENCRYPTED}`,
    },
  ],
  unknown: [
    ["blockDeviceMappings"],
    ["blockDeviceMappings", 1, "ebs", "encrypted"],
    [1, "rootBlockDevice"],
    [2, "encrypted"],
  ],
});

describe("aws-ebs-encrypted with the account's default", () => {
  const byDefault = (props: object = {}): Fixture => ({
    type: "aws:ebs/encryptionByDefault:EncryptionByDefault",
    name: "all",
    props: { ...props },
  });
  const volume = (encrypted?: boolean): Fixture => ({
    type: "aws:ebs/volume:Volume",
    name: "hold",
    props: encrypted === undefined ? {} : { encrypted },
  });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-ebs-encrypted", fixture);

  it("accepts volumes without a setting", async () => {
    expect(await reported(byDefault(), volume())).toEqual([]);
    expect(await reported(byDefault({ enabled: UNKNOWN }), volume())).toEqual([]);
    expect(await reported(byDefault({ enabled: true }), volume(false))).toEqual([
      'Volume "hold": encrypted is false; it must be true.',
    ]);
  });

  it("refuses a default that is turned off", async () => {
    expect(await reported(byDefault({ enabled: false }), volume())).toEqual([
      'EncryptionByDefault "all": enabled is false; it must be true.',
      'Volume "hold": encrypted is missing; it must be true.',
    ]);
  });
});

describe("aws-ec2-user-data-clean", () => {
  const reported = (key: string, script: unknown, of: () => Fixture = instance) =>
    messages("aws-ec2-user-data-clean", [broken(of(), [key], script)]);
  const holds = (key: string, what: string, who = 'Instance "boat"'): readonly string[] => [
    `${who}: ${key} holds ${what}, which every process on the instance can read; fetch it from Secrets Manager with the instance's role.`,
  ];
  const base64 = (script: string): string => Buffer.from(script).toString("base64");

  it("accepts a script without secrets, no script, and an unknown one", async () => {
    expect(await reported("userData", "#!/bin/sh\nMODE=fast\n")).toEqual([]);
    expect(await reported("userData", undefined)).toEqual([]);
    expect(await reported("userData", UNKNOWN)).toEqual([]);
    expect(await reported("userData", 'DB_PASSWORD="$(fetch)"')).toEqual([]);
    expect(await reported("userData", undefined, template)).toEqual([]);
  });

  it.each([
    ["export KEY=AKIAABCDEFGHIJKLMNOP", "an AWS access key"],
    [`git clone https://ghp_${"a".repeat(36)}@github.com/x/y`, "a GitHub token"],
    ["MODE=fast\nDB_PASSWORD='hunter2'\n", "a likely secret (by its name)"],
    ["psql postgres://ann:hunter2@db/x", "a URL with a password"],
    ["echo '-----BEGIN RSA PRIVATE KEY-----'", "a private key"],
  ])("refuses %j", async (script, what) => {
    expect(await reported("userData", script)).toEqual(holds("userData", what));
    expect(await reported("userDataBase64", base64(script))).toEqual(holds("userDataBase64", what));
    expect(await reported("userData", base64(script), template)).toEqual(
      holds("userData", what, WHO),
    );
  });
});
