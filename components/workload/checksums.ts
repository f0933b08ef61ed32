import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { configMapChecksums } from "./configuration";
import { authorityChecksums } from "./connections";
import type { WorkloadArguments } from "./contract";
import { keysOf, secretsOf } from "./pod";

/**
 * Pod annotations that change with what the pod reads once: a rotation restarts exactly the pods
 * that read the key, or whose sidecar uses the password; a changed variable, those that have it.
 */
export function checksumAnnotations({
  service,
  secrets,
  sidecarDigests = {},
  connections = [],
}: WorkloadArguments): Record<string, pulumi.Input<string>> {
  const own = secretsOf(service).map((secret) => {
    const digests = keysOf(service, secret).map((key) => secrets[secret]?.checksums[key]);
    return [`checksum/${secret}`, pulumi.all(digests).apply(joined)] as const;
  });
  const sidecar = Object.entries(sidecarDigests).map(
    ([name, digest]) => [`checksum/dapr-${name}`, digest] as const,
  );
  return {
    ...Object.fromEntries([...own, ...sidecar]),
    ...configMapChecksums(service),
    ...authorityChecksums(connections),
  };
}

/** One short digest of several, because every tool shows annotations in full. */
const joined = (digests: readonly (string | undefined)[]): string =>
  createHash("sha256").update(digests.join()).digest("hex");
