import type { Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const wish = (): object => ({
  storageClassName: "disks",
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "9Gi" } },
});
const claim = (): Fixture => ({
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  name: "data",
  props: { metadata: { name: "data", namespace: "shop" }, spec: wish() },
});
const statefulSet = (): Fixture => ({
  ...broken(
    deployment(),
    ["spec", "volumeClaimTemplates"],
    [{ metadata: { name: "data" }, spec: wish() }, { spec: wish() }],
  ),
  type: "kubernetes:apps/v1:StatefulSet",
});
const VOLUMES: readonly Key[] = ["spec", "template", "spec", "volumes"];
const ephemeral = (): Fixture =>
  broken(deployment(), VOLUMES, [
    { name: "cache", ephemeral: { volumeClaimTemplate: { spec: wish() } } },
    { ephemeral: { volumeClaimTemplate: { spec: wish() } } },
    { name: "tmp", emptyDir: {} },
  ]);

const TEMPLATES: readonly Key[] = ["spec", "volumeClaimTemplates"];
const INNER: readonly Key[] = ["ephemeral", "volumeClaimTemplate", "spec"];

/** Each kind of claim: the fixture, the path of the request, and the start of its messages. */
const WAYS: readonly (readonly [() => Fixture, readonly Key[], string])[] = [
  [claim, ["spec"], 'PersistentVolumeClaim "shop/data": spec'],
  [
    statefulSet,
    [...TEMPLATES, 0, "spec"],
    'StatefulSet "shop/orders", claim "data": spec.volumeClaimTemplates[0].spec',
  ],
  [
    statefulSet,
    [...TEMPLATES, 1, "spec"],
    'StatefulSet "shop/orders", claim "without a name": spec.volumeClaimTemplates[1].spec',
  ],
  [
    ephemeral,
    [...VOLUMES, 0, ...INNER],
    'Deployment "shop/orders", volume "cache": spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec',
  ],
  [
    ephemeral,
    [...VOLUMES, 1, ...INNER],
    'Deployment "shop/orders", volume "without a name": spec.template.spec.volumes[1].ephemeral.volumeClaimTemplate.spec',
  ],
];

const disks = (provisioner = "ebs.csi.aws.com"): Fixture => ({
  type: "kubernetes:storage.k8s.io/v1:StorageClass",
  name: "disks",
  props: { metadata: { name: "disks" }, provisioner },
});

for (const [happy, at, who] of WAYS) {
  const aClass = "the default class differs between clusters: set a name.";

  testPolicy("claim-class", {
    happy,
    broken: [
      { at: [...at, "storageClassName"], says: `${who}.storageClassName is missing; ${aClass}` },
      { at: [...at, "storageClassName"], to: "", says: [] },
    ],
    unknown: [[...at, "storageClassName"], at],
  });

  const modes: readonly Key[] = [...at, "accessModes"];
  const exist =
    'it must be "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany" or "ReadWriteOncePod".';
  const size: readonly Key[] = [...at, "resources", "requests", "storage"];
  const sized = 'set a size such as "8Gi".';

  testPolicy("claim-sound", {
    happy,
    broken: [
      {
        at: modes,
        says: `${who}.accessModes is missing; list at least one, such as ReadWriteOnce.`,
      },
      {
        at: modes,
        to: [],
        says: `${who}.accessModes is []; list at least one, such as ReadWriteOnce.`,
      },
      { at: modes, to: ["ReadOnlyMany", "ReadWriteMany"], says: [] },
      { at: modes, to: ["ReadWriteOncePod"], says: [] },
      {
        at: modes,
        to: ["ReadWriteOnce", "ReadWriteOncePod"],
        says: `${who}.accessModes[1] is "ReadWriteOncePod"; it cannot be combined with other modes.`,
      },
      { at: [...modes, 0], to: "RWO", says: `${who}.accessModes[0] is "RWO"; ${exist}` },
      { at: size, says: `${who}.resources.requests.storage is missing; ${sized}` },
      { at: size, to: "1Mi", says: [] },
      { at: size, to: "9m", says: `${who}.resources.requests.storage is "9m"; ${sized}` },
    ],
    unknown: [modes, [...modes, 0], size],
  });

  const one = (name: string): string =>
    `${who}.accessModes[0] is "ReadWriteMany"; "${name}" is a class of disks, which only one node can mount: use ReadWriteOnce.`;

  testPolicy("claim-disk-not-shared", {
    happy: () => [broken(happy(), modes, ["ReadWriteMany"]), disks("efs.csi.aws.com")],
    broken: [
      { of: 1, at: ["provisioner"], to: "pd.csi.storage.gke.io", says: one("disks") },
      { of: 1, at: ["provisioner"], says: [] },
      {
        at: [...at, "storageClassName"],
        to: "do-block-storage-xfs",
        says: one("do-block-storage-xfs"),
      },
      { at: [...at, "storageClassName"], to: "my-do-block-storage", says: [] },
      { at: [...at, "storageClassName"], says: [] },
    ],
    unknown: [
      [...at, "storageClassName"],
      [...at, "volumeMode"],
    ],
  });
}

testPolicy("claim-disk-not-shared", {
  happy: () => [claim(), disks()],
  broken: [
    { of: 1, at: ["metadata", "name"], to: "others", says: [] },
    {
      at: ["spec", "accessModes", 0],
      to: "ReadWriteMany",
      says: 'PersistentVolumeClaim "shop/data": spec.accessModes[0] is "ReadWriteMany"; "disks" is a class of disks, which only one node can mount: use ReadWriteOnce.',
    },
  ],
  unknown: [
    ["spec", "accessModes"],
    ["spec", "accessModes", 0],
  ],
});

testPolicy("claim-disk-not-shared", {
  happy: () => [
    broken(
      broken(claim(), ["spec", "accessModes"], ["ReadWriteMany"]),
      ["spec", "volumeMode"],
      "Block",
    ),
    disks(),
  ],
  broken: [
    {
      at: ["spec", "volumeMode"],
      to: "Filesystem",
      says: 'PersistentVolumeClaim "shop/data": spec.accessModes[0] is "ReadWriteMany"; "disks" is a class of disks, which only one node can mount: use ReadWriteOnce.',
    },
    { of: 1, at: ["metadata", "name"], says: [] },
  ],
  unknown: [],
});

testPolicy("claim-class", {
  happy: () => {
    const annotations = { "volume.beta.kubernetes.io/storage-class": "disks" };
    const fixture = broken(claim(), ["metadata", "annotations"], annotations);
    return broken(fixture, ["spec", "storageClassName"]);
  },
  broken: [],
  unknown: [],
});

testPolicy("claim-class", { happy: statefulSet, broken: [], unknown: [TEMPLATES] });
testPolicy("claim-class", { happy: ephemeral, broken: [], unknown: [VOLUMES] });

const RETENTION: readonly Key[] = ["spec", "persistentVolumeClaimRetentionPolicy"];

testPolicy("stateful-set-claims-retained", {
  happy: () => broken(statefulSet(), RETENTION, { whenDeleted: "Retain", whenScaled: "Retain" }),
  broken: [
    ...["whenDeleted", "whenScaled"].map((when) => ({
      at: [...RETENTION, when],
      to: "Delete",
      says: `StatefulSet "shop/orders": spec.persistentVolumeClaimRetentionPolicy.${when} is "Delete"; the data is deleted with the claim: use Retain.`,
    })),
    { at: RETENTION, says: [] },
  ],
  unknown: [
    [...RETENTION, "whenDeleted"],
    [...RETENTION, "whenScaled"],
  ],
});
