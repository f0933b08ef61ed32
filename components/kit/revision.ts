import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** A digest of credentials: changes with them, and reveals nothing about them. */
export const revisionOf = (credentials: readonly pulumi.Output<string>[]): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      .all([...credentials])
      .apply((parts) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16)),
  );
