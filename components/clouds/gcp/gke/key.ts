import * as kms from "@pulumi/gcp/kms";
import * as projects from "@pulumi/gcp/projects";
import type * as pulumi from "@pulumi/pulumi";
import { kept, type GkeArguments } from "./arguments";

/**
 * The key with which GKE encrypts Kubernetes Secrets before it stores them, and GKE's permission to
 * use it.
 *
 * Google deletes neither key rings nor keys, and reserves their names permanently. So the ring has
 * a generated name, which allows an environment to be rebuilt in the same project, and both are
 * left behind when the stack is destroyed: destroying the key's versions would make every backup of
 * the cluster unreadable.
 */
export function createKey(
  name: string,
  {
    project,
    region,
    protect,
    labels,
  }: Pick<GkeArguments, "project" | "region" | "protect" | "labels">,
  options: pulumi.CustomResourceOptions,
): { readonly key: kms.CryptoKey; readonly usable: kms.CryptoKeyIAMMember } {
  const ring = new kms.KeyRing(
    `${name}-ring`,
    { project, location: region },
    { ...options, protect, retainOnDelete: true },
  );
  const key = new kms.CryptoKey(
    `${name}-key`,
    {
      name: "kubernetes-secrets",
      keyRing: ring.id,
      purpose: "ENCRYPT_DECRYPT",
      // Ninety days; earlier versions can still decrypt.
      rotationPeriod: "7776000s",
      labels: { ...labels },
      ...kept(protect),
    },
    { ...options, protect, retainOnDelete: true },
  );
  return { key, usable: letGkeUse(name, key, project, options) };
}

/** Google creates its service agent with the first cluster, but it needs the key before that. */
function letGkeUse(
  name: string,
  key: kms.CryptoKey,
  project: string,
  options: pulumi.CustomResourceOptions,
): kms.CryptoKeyIAMMember {
  const agent = new projects.ServiceIdentity(
    `${name}-agent`,
    { project, service: "container.googleapis.com" },
    options,
  );
  return new kms.CryptoKeyIAMMember(
    `${name}-key-user`,
    {
      cryptoKeyId: key.id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: agent.member,
    },
    options,
  );
}
