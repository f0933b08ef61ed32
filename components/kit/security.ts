/**
 * The Pod Security Standards' "restricted" profile as settings, and a read-only root file system.
 * In one place, so that every pod of this program is hardened the same way.
 */

/**
 * For a pod. The ids are arbitrary, unprivileged, and high enough not to match a user on the node.
 */
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

/** For each of its containers. */
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
