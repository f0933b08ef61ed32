/** Volumes of pods, persistent volumes, claims and storage classes. */
import type { Value } from "../../../values";
import type { Faults } from "../fault";
import { fieldsOf } from "../schemas";
import * as form from "./forms";
import { quantities } from "./containers";
import {
  atMostOne,
  between,
  exactlyOne,
  fields,
  isSet,
  needs,
  needsSome,
  notEmpty,
  oneOf,
  text,
  unique,
} from "./kit";
import type { Rule, Rules } from "./kit";

/** Sources of a pod's volume: every field but its name. */
const sources = (): readonly string[] =>
  [...(fieldsOf("core.v1.Volume")?.types.keys() ?? [])].filter((key) => key !== "name");

/** Sources of a PersistentVolume: the fields that are objects of a volume's type. */
const persistentSources = (): readonly string[] =>
  [...(fieldsOf("core.v1.PersistentVolumeSpec")?.types ?? [])]
    .filter(([, type]) => type.endsWith("VolumeSource"))
    .map(([key]) => key);

/** A volume without any source is an emptyDir. */
const oneSource: Rule = (value, faults, way) => {
  atMostOne("source", sources())(value, faults, way);
};
const onePersistentSource: Rule = (value, faults, way) => {
  exactlyOne("source", persistentSources())(value, faults, way);
};

const mode = between(0, 0o777);
const items: Rule = fields({
  defaultMode: mode,
  "items[].mode": mode,
  "items[].path": form.relativePath,
});

const ACCESS = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"] as const;

const accessModes: Rule = (value, faults) => {
  const modes = value.get("accessModes").list();
  const once = modes.find(({ string }) => string === "ReadWriteOncePod");
  if (once !== undefined && modes.length > 1) {
    faults.rule(once, "ReadWriteOncePod cannot be combined with other modes");
  }
};

function storageRequest(value: Value, faults: Faults): void {
  const storage = value.get("resources", "requests", "storage");
  if (storage.isMissing) faults.add("field-required", storage, "it is required");
  else if (form.amount(storage) !== undefined && (form.amount(storage) ?? 0) <= 0) {
    faults.add("value-allowed", storage, "it must be more than 0");
  }
}

/** A copy is of a volume claim or of a kind that has a group. */
const dataSource: Rule = (value, faults) => {
  for (const key of ["dataSource", "dataSourceRef"]) {
    const source = value.get(key);
    const { string: kind } = source.get("kind");
    if (kind === undefined || isSet(source.get("apiGroup")) || kind === "PersistentVolumeClaim")
      continue;
    faults.rule(source.get("kind"), "only PersistentVolumeClaim has no apiGroup");
  }
};

const persistentCapacity: Rule = (value, faults) => {
  const capacity = value.get("capacity");
  if (capacity.isMissing || (capacity.isMap && capacity.entries().length === 0))
    faults.add("field-required", capacity, "it is required");
  quantities(capacity, faults, (name) =>
    name === "storage" ? undefined : "a volume has no capacity but storage",
  );
};

const localAffinity: Rule = (value, faults) => {
  if (!value.get("local").isMissing && value.get("nodeAffinity").isMissing) {
    faults.add("field-required", value.get("nodeAffinity"), "a local volume needs it");
  }
};

const iqn = text((name) => /^(iqn|eui|naa)\./.test(name), "it must begin with iqn., eui. or naa.");

export const VOLUMES: Rules = {
  "core.v1.Volume": [oneSource, fields({ name: form.dnsLabel })],
  "core.v1.EmptyDirVolumeSource": [fields({ sizeLimit: form.notNegative })],
  "core.v1.HostPathVolumeSource": [
    fields({
      path: form.withoutDots,
      type: oneOf(
        "DirectoryOrCreate",
        "Directory",
        "FileOrCreate",
        "File",
        "Socket",
        "CharDevice",
        "BlockDevice",
      ),
    }),
  ],
  "core.v1.SecretVolumeSource": [items, needs("secretName")],
  "core.v1.ConfigMapVolumeSource": [items, needs("name")],
  "core.v1.SecretProjection": [items, needs("name")],
  "core.v1.ConfigMapProjection": [items, needs("name")],
  "core.v1.DownwardAPIVolumeSource": [items],
  "core.v1.DownwardAPIVolumeFile": [
    exactlyOne("source", ["fieldRef", "resourceFieldRef"]),
    fields({ path: form.relativePath, mode }),
  ],
  "core.v1.ProjectedVolumeSource": [fields({ defaultMode: mode })],
  "core.v1.VolumeProjection": [
    atMostOne("source", [
      "secret",
      "configMap",
      "downwardAPI",
      "serviceAccountToken",
      "clusterTrustBundle",
      "podCertificate",
    ]),
  ],
  "core.v1.ServiceAccountTokenProjection": [
    fields({ expirationSeconds: between(600, 2 ** 32), path: form.relativePath }),
  ],
  "core.v1.CephFSVolumeSource": [needsSome("monitors")],
  "core.v1.RBDVolumeSource": [needsSome("monitors")],
  "core.v1.RBDPersistentVolumeSource": [needsSome("monitors")],
  "core.v1.ISCSIVolumeSource": [fields({ lun: between(0, 255), iqn })],
  "core.v1.ISCSIPersistentVolumeSource": [fields({ lun: between(0, 255), iqn })],
  "core.v1.FlockerVolumeSource": [
    exactlyOne("data set", ["datasetName", "datasetUUID"]),
    fields({ datasetName: text((name) => !name.includes("/"), "it must not have /") }),
  ],
  "core.v1.AzureDiskVolumeSource": [
    notEmpty("kind"),
    fields({ kind: oneOf("Dedicated", "Managed", "Shared") }),
  ],
  "core.v1.NFSVolumeSource": [fields({ path: form.absolutePath })],
  "core.v1.PersistentVolumeClaimTemplate": [needs("spec")],
  "core.v1.EphemeralVolumeSource": [needs("volumeClaimTemplate")],
  "core.v1.PersistentVolumeClaim": [needs("spec")],
  "core.v1.PersistentVolumeClaimSpec": [
    notEmpty("volumeMode"),
    needsSome("accessModes"),
    fields({
      "accessModes[]": oneOf(...ACCESS),
      storageClassName: form.subdomain,
      volumeMode: oneOf("Block", "Filesystem"),
    }),
    accessModes,
    storageRequest,
    dataSource,
  ],
  "core.v1.PersistentVolume": [needs("spec")],
  "core.v1.PersistentVolumeSpec": [
    needsSome("accessModes"),
    fields({ "accessModes[]": oneOf(...ACCESS), storageClassName: form.subdomain }),
    accessModes,
    persistentCapacity,
    onePersistentSource,
    localAffinity,
  ],
  "core.v1.VolumeNodeAffinity": [needs("required")],
  "core.v1.LocalVolumeSource": [fields({ path: form.withoutDots })],
  "core.v1.CSIPersistentVolumeSource": [fields({ driver: form.subdomain })],
  "core.v1.CSIVolumeSource": [fields({ driver: form.subdomain })],
  "storage.v1.StorageClass": [
    notEmpty("volumeBindingMode"),
    fields({
      provisioner: (value) => form.qualified(value),
      reclaimPolicy: oneOf("Delete", "Retain"),
    }),
  ],
  "storage.v1.VolumeAttributesClass": [fields({ driverName: form.subdomain })],
  "storage.v1.CSIDriverSpec": [unique("volumeLifecycleModes", [])],
};
