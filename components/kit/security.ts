/**
 * The Pod Security Standards' "restricted" profile as settings, with a read-only root besides.
 * One place, so that every pod of this program is hardened the same way.
 */

/** For a pod. The ids are arbitrary, unprivileged and high enough to match no user of a node. */
export function restrictedPod(): {
  runAsNonRoot: true;
  runAsUser: number;
  runAsGroup: number;
  fsGroup: number;
  fsGroupChangePolicy: string;
  seccompProfile: { type: string };
} {
  return {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** For each container of it. */
export function restrictedContainer(): {
  allowPrivilegeEscalation: false;
  readOnlyRootFilesystem: true;
  runAsNonRoot: true;
  capabilities: { drop: string[] };
  seccompProfile: { type: string };
} {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
}
