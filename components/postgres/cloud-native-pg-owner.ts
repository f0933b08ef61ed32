import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../kit/child-factory";
import { metadataOf, type CloudNativePgArguments } from "./cloud-native-pg-arguments";

/** Letters and digits only, which need no escaping in URLs and files. */
export function ownerPassword(
  part: Part,
  { password, rotation = "1" }: Pick<CloudNativePgArguments, "password" | "rotation">,
): pulumi.Output<string> {
  if (password !== undefined) return pulumi.secret(password);
  const generated = new random.RandomPassword(
    part.child("password"),
    {
      length: 48,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { rotation },
    },
    part.options(),
  );
  return pulumi.secret(generated.result);
}

/** The owner's name and password, in the operator's format. */
export function createOwner(
  part: Part,
  args: CloudNativePgArguments,
  password: pulumi.Output<string>,
): k8s.core.v1.Secret {
  const metadata = metadataOf(args, "owner");
  return new k8s.core.v1.Secret(
    part.child("owner"),
    {
      // The operator applies a changed password to the database immediately.
      metadata: { ...metadata, labels: { ...metadata.labels, "cnpg.io/reload": "true" } },
      type: "kubernetes.io/basic-auth",
      stringData: { username: args.owner, password },
    },
    part.options(),
  );
}
