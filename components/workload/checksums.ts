import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadArguments } from "./contract";
import { keysOf, secretsOf } from "./pod";

/**
 * Annotations of a pod that change with what it signs in with: a rotation restarts exactly the pods
 * that read the key, or whose sidecar uses the password.
 */
export function checksumAnnotations({
  service,
  secrets,
  sidecarDigests = {},
}: WorkloadArguments): Record<string, pulumi.Input<string>> {
  const own = secretsOf(service).map((secret) => {
    const digests = keysOf(service, secret).map((key) => secrets[secret]?.checksums[key]);
    return [`checksum/${secret}`, pulumi.all(digests).apply(joined)] as const;
  });
  const sidecar = Object.entries(sidecarDigests).map(
    ([name, digest]) => [`checksum/dapr-${name}`, digest] as const,
  );
  return Object.fromEntries([...own, ...sidecar]);
}

/** One short text of many digests: an annotation is shown in full by every tool. */
const joined = (digests: readonly (string | undefined)[]): string =>
  createHash("sha256").update(digests.join()).digest("hex");
