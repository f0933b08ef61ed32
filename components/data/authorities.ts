import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/model";
import type { Authority } from "../kit/authority";
import { commonLabels } from "../kit/labels";

/** What a data service says about who signed its certificate. */
export interface Signed {
  /** PEM; absent if operating systems trust it, or if only the cluster knows it. */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /** A Secret of the clients' namespace with the same PEM, if only the cluster knows it. */
  readonly certificateAuthoritySecret?: { readonly name: string; readonly key: string };
}

export const isPublic = (signed: Signed): boolean =>
  signed.certificateAuthority === undefined && signed.certificateAuthoritySecret === undefined;

/** An authority, and what must exist before a pod can mount it. */
export interface Trusted {
  readonly authority: Authority;
  readonly ready: readonly pulumi.Resource[];
}

const KEY = "ca.crt";

/**
 * The authorities of data services, by name. A certificate is no secret: one that the program knows
 * is in a ConfigMap. Those that operating systems trust are left out.
 */
export function createAuthorities(
  child: (suffix: string) => string,
  { system, namespace }: { readonly system: System; readonly namespace: string },
  services: Readonly<Record<string, Signed>>,
  options: pulumi.CustomResourceOptions,
): Readonly<Record<string, Trusted>> {
  return Object.fromEntries(
    Object.entries(services).flatMap(([of, signed]): readonly (readonly [string, Trusted])[] => {
      const { certificateAuthority, certificateAuthoritySecret: secret } = signed;
      if (secret !== undefined)
        return [[of, { authority: { kind: "secret", ...secret }, ready: [] }]];
      if (certificateAuthority === undefined) return [];
      const name = `${of}-authority`;
      const pem = pulumi.unsecret(certificateAuthority);
      const map = new k8s.core.v1.ConfigMap(
        child(name),
        {
          metadata: { name, namespace, labels: commonLabels(system.id, "authority") },
          data: { [KEY]: pem },
        },
        options,
      );
      return [[of, { authority: { kind: "configMap", name, key: KEY, pem }, ready: [map] }]];
    }),
  );
}
