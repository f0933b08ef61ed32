import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import type { Fixture } from "../testing";
import { remediated } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const storageClass = (provisioner = "ebs.csi.aws.com"): Fixture => ({
  type: "kubernetes:storage.k8s.io/v1:StorageClass",
  name: "disks",
  props: {
    metadata: { name: "disks" },
    provisioner,
    parameters: { type: "gp3", encrypted: "true" },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Retain",
  },
});

const EBS = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"];
const OTHERS = [
  "dobs.csi.digitalocean.com",
  "pd.csi.storage.gke.io",
  "kubernetes.io/gce-pd",
  "disk.csi.azure.com",
  "kubernetes.io/azure-disk",
  "cinder.csi.openstack.org",
];
const LOCAL = ["kubernetes.io/no-provisioner"];
const SHARED = ["efs.csi.aws.com"];

interface Row {
  readonly policy: string;
  readonly path: readonly Key[];
  readonly right: unknown;
  readonly wrong: unknown;
  readonly concerned: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    policy: "storage-class-encrypted",
    path: ["parameters", "encrypted"],
    right: "true",
    wrong: "false",
    concerned: EBS,
  },
  {
    policy: "storage-class-binding",
    path: ["volumeBindingMode"],
    right: "WaitForFirstConsumer",
    wrong: "Immediate",
    concerned: [...EBS, ...OTHERS, ...LOCAL],
  },
  {
    policy: "storage-class-expandable",
    path: ["allowVolumeExpansion"],
    right: true,
    wrong: false,
    concerned: [...EBS, ...OTHERS],
  },
  {
    policy: "storage-class-retains",
    path: ["reclaimPolicy"],
    right: "Retain",
    wrong: "Delete",
    concerned: [...EBS, ...OTHERS, ...LOCAL],
  },
];

describe.each(ROWS)("$policy", ({ policy, path, right, wrong, concerned }) => {
  const says = (shown: unknown): string =>
    `StorageClass "disks": ${path.join(".")} is ${shown === undefined ? "missing" : JSON.stringify(shown)}; it must be ${JSON.stringify(right)}.`;

  for (const provisioner of concerned) {
    testPolicy(policy, {
      happy: () => storageClass(provisioner),
      broken: [wrong, undefined].map((to) => ({ at: path, to, says: says(to) })),
      unknown: [path, ["provisioner"]],
    });
  }

  for (const provisioner of [...EBS, ...OTHERS, ...LOCAL, ...SHARED]) {
    if (concerned.includes(provisioner)) continue;
    testPolicy(policy, {
      happy: () => broken(storageClass(provisioner), path, wrong),
      broken: [{ at: ["provisioner"], says: [] }],
      unknown: [],
    });
  }

  it("remediates the value", async () => {
    const fixed = (fixture: Fixture): Promise<unknown> =>
      remediated([policyNamed(policy)], fixture);
    for (const value of [wrong, undefined]) {
      expect(await fixed(broken(storageClass(), path, value))).toEqual(storageClass().props);
    }
    expect(await fixed(storageClass())).toBeUndefined();
    expect(await fixed(broken(storageClass("efs.csi.aws.com"), path, wrong))).toBeUndefined();
    expect(await fixed(broken(storageClass(), ["provisioner"]))).toBeUndefined();
  });
});
