/** Storage classes. */
import { is, rules, where, withRemedy, type Rows } from "../rules";
import { knows } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";

export const CLASS = "kubernetes:storage.k8s.io:StorageClass";

/** Disks that are not encrypted by default; those of the other clouds always are. */
const PLAIN = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"];
/** Network disks, which are in one zone and mounted by one node. */
export const DISKS: readonly string[] = [
  ...PLAIN,
  "dobs.csi.digitalocean.com",
  "pd.csi.storage.gke.io",
  "kubernetes.io/gce-pd",
  "disk.csi.azure.com",
  "kubernetes.io/azure-disk",
  "cinder.csi.openstack.org",
];
/** Local volumes created on a node by hand. */
const LOCAL = "kubernetes.io/no-provisioner";

/** The required value of a property, for classes of some provisioners. */
const classesHave = (
  provisioners: readonly string[],
  rows: Rows,
): Pick<Policy, "check" | "remediate"> =>
  withRemedy(
    rules(
      where([CLASS], (check) => {
        const provisioner = check.resource.props.get("provisioner");
        return knows(check, provisioner) && provisioners.includes(provisioner.string ?? "");
      }),
      rows,
    ),
  );

const DOCS = "https://kubernetes.io/docs/concepts/storage/storage-classes/";
const common = { themes: ["storage"], enforcement: STRICT_IN_PRODUCTION } as const;

export const storageClasses: readonly Policy[] = [
  {
    ...common,
    ...classesHave(PLAIN, { "parameters.encrypted": is("true") }),
    name: "storage-class-encrypted",
    title: "Storage classes encrypt volumes",
    clause: {
      reference: "PO-03; CKV_AWS_3",
      url: "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md",
    },
    severity: "high",
    prevents: "Anyone who gets a snapshot, or a returned disk, can read it.",
    description:
      "A StorageClass for EBS encrypts its volumes; the disks of the other clouds are always encrypted.",
    remediation: 'Set parameters.encrypted to "true", and parameters.kmsKeyId to your own key.',
  },
  {
    ...common,
    ...classesHave([...DISKS, LOCAL], { volumeBindingMode: is("WaitForFirstConsumer") }),
    name: "storage-class-binding",
    title: "Volumes are created in the zone of their pod",
    clause: { reference: "PO-01", url: `${DOCS}#volume-binding-mode` },
    severity: "medium",
    prevents: "A disk is in a zone that has no room for its pod, and the pod never starts.",
    description:
      "A StorageClass for disks waits for the first pod before it creates or binds a volume.",
    remediation:
      "Set volumeBindingMode to WaitForFirstConsumer; this replaces an existing class, but not its volumes.",
  },
  {
    ...common,
    ...classesHave(DISKS, { allowVolumeExpansion: is(true) }),
    name: "storage-class-expandable",
    title: "Storage classes allow volume expansion",
    clause: { reference: "PO-01", url: `${DOCS}#volume-expansion` },
    severity: "medium",
    prevents: "A full database disk can only be replaced by copying it, under load.",
    description: "A StorageClass for disks allows its volumes to be expanded.",
    remediation: "Set allowVolumeExpansion to true.",
  },
  {
    ...common,
    ...classesHave([...DISKS, LOCAL], { reclaimPolicy: is("Retain") }),
    name: "storage-class-retains",
    title: "Storage classes retain volumes",
    clause: { reference: "PO-02", url: `${DOCS}#reclaim-policy` },
    severity: "medium",
    prevents: "A claim, or a namespace, that is deleted by mistake takes the data with it.",
    description:
      "A StorageClass for disks keeps the volume when its claim is deleted; volumes are deleted by hand.",
    remediation:
      "Set reclaimPolicy to Retain, or add a second class with it for volumes that hold data; delete released volumes once their data is not needed.",
    // Retained volumes cost money until they are deleted: the team decides which hold data.
    enforcement: ADVICE,
  },
];
