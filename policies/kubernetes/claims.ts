/** Volume claims: PersistentVolumeClaims, StatefulSet templates, and ephemeral volumes of pods. */
import { isNot, rules } from "../rules";
import { each, elements, expectNot, expectOneOf, expectThat, type Check } from "../expect";
import { MEANT } from "../in-manifests";
import type { CheckContext, Policy, ResourceCheck, Stack } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, typeKey } from "../policy";
import type { Value } from "../values";
import { inCluster, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { quantityOf } from "./quantities";
import { CLASS, DISKS } from "./storage-classes";

const CLAIM = "kubernetes:core:PersistentVolumeClaim";
const STATEFUL_SET = "kubernetes:apps:StatefulSet";

interface Claim {
  readonly check: Check;
  readonly metadata: Value;
  readonly spec: Value;
}

function claimsOf(check: Check): readonly Claim[] {
  const { props, type } = check.resource;
  const claim = (template: Value, part?: string): Claim => ({
    check: part === undefined ? check : { ...check, part },
    metadata: template.get("metadata"),
    spec: template.get("spec"),
  });
  if (typeKey(type) === CLAIM) return [claim(props)];
  const templates = elements(check, props.get("spec", "volumeClaimTemplates")).map((template) =>
    claim(template, `claim "${template.get("metadata", "name").string ?? "without a name"}"`),
  );
  const ephemeral = elements(check, podOf(check.resource).spec.get("volumes")).flatMap((volume) => {
    const template = volume.get("ephemeral", "volumeClaimTemplate");
    const part = `volume "${volume.get("name").string ?? "without a name"}"`;
    return template.isKnown ? [claim(template, part)] : [];
  });
  return [...templates, ...ephemeral];
}

const onClaims = (run: (claim: Claim) => void): ResourceCheck =>
  each([CLAIM, ...HOLDERS], (check) => {
    for (const claim of claimsOf(check)) run(claim);
  });

function classWritten({ check, metadata, spec }: Claim): void {
  const old = metadata.get("annotations", "volume.beta.kubernetes.io/storage-class");
  // An empty name is valid: no class, so an existing volume.
  const isRight = ({ isMissing }: Value): boolean => !isMissing || !old.isMissing;
  const expected = "the default class differs between clusters: set a name";
  expectThat(check, spec.get("storageClassName"), isRight, expected);
}

const ONE_POD = "ReadWriteOncePod";
const MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", ONE_POD];
const MEBIBYTE = 2 ** 20;

function sound({ check, spec }: Claim): void {
  const modes = spec.get("accessModes");
  const count = modes.list().length;
  expectThat(check, modes, () => count > 0, "list at least one, such as ReadWriteOnce");
  for (const mode of modes.list()) {
    expectOneOf(check, mode, MODES);
    if (count > 1) expectNot(check, mode, ONE_POD, "it cannot be combined with other modes");
  }
  const size = spec.get("resources", "requests", "storage");
  const isSize = (it: Value): boolean => (quantityOf(it) ?? 0) >= MEBIBYTE;
  expectThat(check, size, isSize, 'set a size such as "8Gi"');
}

function shared(stack: Stack, context: CheckContext): void {
  const disks = new Set<string>();
  for (const storageClass of stack.of(CLASS)) {
    const { props } = storageClass;
    if (!DISKS.includes(props.get("provisioner").string ?? "")) continue;
    disks.add(inCluster(storageClass, props.get("metadata", "name").string ?? ""));
  }
  for (const resource of stack.of(CLAIM, ...HOLDERS)) {
    for (const { check, spec } of claimsOf({ resource, context })) {
      const name = spec.get("storageClassName");
      const volumeMode = spec.get("volumeMode");
      const isOpen =
        context.noteUnknown(name, resource.urn) || context.noteUnknown(volumeMode, resource.urn);
      // Several nodes may share a raw block device.
      if (isOpen || name.string === undefined || volumeMode.string === "Block") continue;
      // DigitalOcean's built-in classes are for disks too.
      const isDisk = name.string.startsWith("do-block-storage");
      if (!isDisk && !disks.has(inCluster(resource, name.string))) continue;
      const expected = `${JSON.stringify(name.string)} is a class of disks, which only one node can mount: use ReadWriteOnce`;
      for (const mode of elements(check, spec.get("accessModes"))) {
        expectNot(check, mode, "ReadWriteMany", expected);
      }
    }
  }
}

const RETAINED = isNot("Delete", "the data is deleted with the claim: use Retain");

const DOCS = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/";
const common = { themes: ["storage"], enforcement: STRICT_IN_PRODUCTION } as const;

export const claims: readonly Policy[] = [
  {
    ...common,
    name: "claim-class",
    title: "Volume claims set a storage class",
    clause: { reference: "PO-02", url: `${DOCS}#class-1` },
    severity: "medium",
    prevents: "In another cluster, or after a recovery, data ends up on a different type of disk.",
    description: "Every PersistentVolumeClaim sets its StorageClass, or an empty name to use none.",
    remediation: "Set storageClassName in the spec of the claim or of its template.",
    // A manifest for many clusters leaves the class to each.
    enforcement: ADVICE,
    check: onClaims(classWritten),
  },
  {
    ...common,
    name: "claim-sound",
    title: "Volume claims are valid",
    clause: { reference: "PO-01", url: `${DOCS}#access-modes` },
    severity: "medium",
    prevents: "The API server rejects the claim, or a disk of a few bytes fills up at once.",
    description: "Every claim has valid access modes, and a size of 1Mi or more.",
    remediation:
      'Set accessModes, such as ["ReadWriteOnce"], and resources.requests.storage, such as "8Gi", in the spec of the claim.',
    check: onClaims(sound),
  },
  {
    ...common,
    name: "claim-disk-not-shared",
    title: "Block storage is not claimed by several nodes",
    clause: { reference: "PO-01", url: `${DOCS}#access-modes` },
    severity: "high",
    prevents: "The volume is never created, and the pods that wait for it never start.",
    description: "No claim of a block storage class asks for ReadWriteMany with a file system.",
    remediation:
      "Use ReadWriteOnce, or a class of a shared file system such as EFS, Filestore or NFS.",
    check: { kind: "stack", run: shared },
  },
  {
    ...common,
    name: "stateful-set-claims-retained",
    title: "StatefulSets retain their volumes",
    clause: {
      reference: "PO-02",
      url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
    },
    severity: "high",
    prevents: "A StatefulSet that is replaced, or scaled down for a while, loses its data.",
    description:
      "No StatefulSet deletes its claims when it is deleted or scaled; by default none does.",
    remediation:
      "Remove persistentVolumeClaimRetentionPolicy, or set whenDeleted and whenScaled to Retain.",
    inManifests: MEANT,
    check: rules([STATEFUL_SET], {
      "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": RETAINED,
      "spec.persistentVolumeClaimRetentionPolicy.whenScaled": RETAINED,
    }),
  },
];
