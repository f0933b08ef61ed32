/** Certificates for Qdrant, from a private CA. */
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { names, type QdrantArguments } from "./qdrant-arguments";

const API_VERSION = "cert-manager.io/v1";

/**
 * A year longer than a pod can run: gRPC reads its certificate only at startup, and nodes are
 * replaced at least once a year, because no Kubernetes version is supported for longer.
 */
const SERVER = { duration: "17520h", renewBefore: "8760h" } as const;
const AUTHORITY = { duration: "87600h", renewBefore: "26280h" } as const;

/** The TLS libraries of all versions can read `PKCS8`. */
const KEY = { algorithm: "ECDSA", size: 256, encoding: "PKCS8" } as const;

/** Self-signed issuer → CA → issuer → certificate; returns the certificate. */
export function createCertificates(
  child: (suffix: string) => string,
  args: QdrantArguments,
  options: (after: readonly pulumi.Resource[]) => pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { certificate } = names(args);
  const root = `${certificate}-root`;
  const authority = `${certificate}-authority`;
  const make = (
    suffix: string,
    kind: "Issuer" | "Certificate",
    name: string,
    spec: Readonly<Record<string, unknown>>,
    after: readonly pulumi.Resource[],
  ) =>
    customResource(
      child(suffix),
      {
        apiVersion: API_VERSION,
        kind,
        metadata: {
          name,
          namespace: args.namespace,
          labels: commonLabels(args.system, "qdrant"),
          // Done when cert-manager reports it as ready, not when the API server has accepted it.
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec,
      },
      options(after),
    );
  const first = make("root", "Issuer", root, { selfSigned: {} }, args.tls?.certManager ?? []);
  const signer = make("authority", "Certificate", authority, authoritySpec(root, authority), [
    first,
  ]);
  const issuer = make("issuer", "Issuer", authority, { ca: { secretName: authority } }, [signer]);
  return make("certificate", "Certificate", certificate, serverSpec(args, authority), [issuer]);
}

/** It keeps its key on renewal, so clients that trust it still do. */
const authoritySpec = (root: string, secretName: string) => ({
  isCA: true,
  commonName: secretName,
  secretName,
  issuerRef: { group: "cert-manager.io", kind: "Issuer", name: root },
  ...AUTHORITY,
  privateKey: { ...KEY, rotationPolicy: "Never" },
  usages: ["cert sign", "crl sign"],
});

function serverSpec(args: QdrantArguments, issuer: string): Readonly<Record<string, unknown>> {
  const { object, host, peerDomain, certificate } = names(args);
  const { namespace } = args;
  return {
    secretName: certificate,
    dnsNames: [
      object,
      `${object}.${namespace}`,
      `${object}.${namespace}.svc`,
      host,
      `*.${peerDomain}`,
    ],
    issuerRef: { group: "cert-manager.io", kind: "Issuer", name: issuer },
    ...SERVER,
    privateKey: { ...KEY, rotationPolicy: "Always" },
    // Peers also use it as a client certificate.
    usages: ["digital signature", "server auth", "client auth"],
    revisionHistoryLimit: 3,
  };
}
