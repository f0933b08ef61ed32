import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../identity";

const VOLUMES = "arn:aws:ec2:*:*:volume/*";
const SNAPSHOTS = "arn:aws:ec2:*:*:snapshot/*";
const INSTANCES = "arn:aws:ec2:*:*:instance/*";

/** The driver tags everything it creates, and may change nothing else. */
const isMade = { StringEquals: { "ec2:ResourceTag/ebs.csi.aws.com/cluster": "true" } };
const willBeTagged = { StringEquals: { "aws:RequestTag/ebs.csi.aws.com/cluster": "true" } };

const ON_VOLUMES: readonly Statement[] = [
  {
    actions: [
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeSnapshots",
      "ec2:DescribeVolumes",
      "ec2:DescribeVolumesModifications",
      "ec2:DescribeVolumeStatus",
    ],
    resources: ["*"],
  },
  {
    actions: ["ec2:CreateVolume", "ec2:CopyVolumes"],
    resources: [VOLUMES],
    condition: willBeTagged,
  },
  { actions: ["ec2:CopyVolumes"], resources: [VOLUMES], condition: isMade },
  { actions: ["ec2:CreateSnapshot"], resources: [SNAPSHOTS], condition: willBeTagged },
  { actions: ["ec2:CreateSnapshot"], resources: [VOLUMES], condition: isMade },
  {
    actions: ["ec2:ModifyVolume", "ec2:AttachVolume", "ec2:DetachVolume", "ec2:DeleteVolume"],
    resources: [VOLUMES],
    condition: isMade,
  },
  {
    actions: ["ec2:CreateVolume", "ec2:EnableFastSnapshotRestores"],
    resources: [SNAPSHOTS],
    condition: isMade,
  },
  { actions: ["ec2:AttachVolume", "ec2:DetachVolume"], resources: [INSTANCES] },
  {
    actions: ["ec2:DeleteSnapshot", "ec2:LockSnapshot"],
    resources: [SNAPSHOTS],
    condition: isMade,
  },
  {
    actions: ["ec2:CreateTags"],
    resources: [VOLUMES, SNAPSHOTS],
    condition: {
      StringEquals: { "ec2:CreateAction": ["CreateVolume", "CreateSnapshot", "CopyVolumes"] },
    },
  },
  {
    actions: ["ec2:CreateTags", "ec2:DeleteTags"],
    resources: [VOLUMES],
    condition: {
      ...isMade,
      Null: { "aws:TagKeys": "false" },
      "ForAllValues:StringNotEquals": {
        "aws:TagKeys": ["ebs.csi.aws.com/cluster", "ebs.csi.aws.com/cluster-name"],
      },
    },
  },
];

/**
 * Permissions of the EBS CSI driver: its project's own AmazonEBSCSIDriverPolicyV2
 * (kubernetes-sigs/aws-ebs-csi-driver, docs/AmazonEBSCSIDriverPolicyV2.json, August 2026), without
 * the parts for volumes of the old in-tree driver, and with the key.
 */
export const storagePolicy = (keyArn: pulumi.Output<string>): readonly Statement[] => [
  ...ON_VOLUMES,
  // Volumes are encrypted with the environment's key; the grant is for EC2, not for the driver.
  { actions: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"], resources: [keyArn] },
  {
    actions: ["kms:CreateGrant"],
    resources: [keyArn],
    condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
];
