import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import { metadata, namesOf, type InClusterRedisArguments } from "./in-cluster-names";

const API = "cert-manager.io/v1";

/**
 * A CA for this store only, and the server's certificate from it. The CA keeps its key on renewal,
 * so clients that trust the old certificate also trust the new one.
 */
export function createCertificates(
  name: string,
  args: InClusterRedisArguments,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { service, tls } = namesOf(args);
  const create = (
    suffix: string,
    kind: string,
    called: string,
    spec: Readonly<Record<string, unknown>>,
    after: readonly pulumi.Resource[],
  ) =>
    customResource(
      `${name}-${suffix}`,
      { apiVersion: API, kind, metadata: metadata(args, called), spec },
      { ...options, dependsOn: [...dependencies(options), ...after] },
    );
  const ca = authorityName(args);
  const self = create("self-signed", "Issuer", `${service}-self-signed`, { selfSigned: {} }, []);
  const authority = create("ca", "Certificate", ca, authoritySpec(args), [self]);
  const issuer = create("issuer", "Issuer", ca, { ca: { secretName: ca } }, [authority]);
  return create("certificate", "Certificate", tls, serverSpec(args), [issuer]);
}

const authorityName = (args: InClusterRedisArguments): string => `${namesOf(args).service}-ca`;

function authoritySpec(args: InClusterRedisArguments) {
  const { service } = namesOf(args);
  return {
    isCA: true,
    commonName: `${service}.${args.namespace}`,
    secretName: authorityName(args),
    // Ten years, renewed after nine.
    duration: "87600h",
    renewBefore: "8760h",
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
    issuerRef: { name: `${service}-self-signed`, kind: "Issuer", group: "cert-manager.io" },
  };
}

function serverSpec(args: InClusterRedisArguments) {
  const { service, members, tls } = namesOf(args);
  const { namespace } = args;
  return {
    secretName: tls,
    // Ninety days, renewed after sixty; the server checks for a new one every hour.
    duration: "2160h",
    renewBefore: "720h",
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    usages: ["digital signature", "server auth", "client auth"],
    dnsNames: [
      service,
      `${service}.${namespace}`,
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.cluster.local`,
      `*.${members}.${namespace}.svc.cluster.local`,
      "localhost",
    ],
    issuerRef: { name: authorityName(args), kind: "Issuer", group: "cert-manager.io" },
  };
}

const dependencies = ({ dependsOn }: pulumi.CustomResourceOptions): pulumi.Resource[] =>
  Array.isArray(dependsOn) ? (dependsOn as pulumi.Resource[]) : [];
