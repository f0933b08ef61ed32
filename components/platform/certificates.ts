import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Edge } from "../../systems/model";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { GATEWAY_NAMESPACE } from "./gateway";
import { certificateName } from "./gateway-routes";
import { fromPeers, inNamespace } from "../kit/network-rules";

export interface CertificatesArguments {
  readonly system: string;
  readonly namespace: string;
  readonly edge: Edge;
  readonly hosts: readonly string[];
  /** The address that Let's Encrypt notifies when renewals keep failing. */
  readonly email: string;
  /** The Gateway that serves the challenge over plain HTTP. */
  readonly gatewayName: string;
  /** By DNS records. @default HTTP-01 through the Gateway */
  readonly challenge?: Challenge | undefined;
}

export interface Challenge {
  /** `dns01` of an ACME solver. */
  readonly solver: Readonly<Record<string, unknown>>;
  /** Whether any namespace may use it. */
  readonly clusterWide: boolean;
}

const DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";
/** Port and labels of cert-manager's solver pod. */
const SOLVER = { port: 8089, label: "acme.cert-manager.io/http01-solver" };

/** The gateway's certificates, renewed automatically a month before they expire. */
export class Certificates extends Component {
  /** The Secret with the first host's certificate. */
  readonly secretName: string;
  readonly certificates: readonly k8s.apiextensions.CustomResource[];

  constructor(name: string, args: CertificatesArguments, options: ComponentOptions) {
    super("platform:Certificates", name, { namespace: args.namespace }, options);
    this.secretName = args.edge.certificate.name;
    const issuer = customResource(
      this.child("issuer"),
      {
        apiVersion: "cert-manager.io/v1",
        kind: issuerKind(args),
        metadata: issuerMetadata(args),
        spec: acme(args),
      },
      this.options(),
    );
    this.certificates = args.hosts.map((host, index) =>
      this.createCertificate(args, host, index, issuer),
    );
    if (args.challenge === undefined) this.allowChallenge(args);
    this.publish();
  }

  /**
   * One certificate for each host: an order is only granted when all of its hosts are validated, so
   * a host that still points elsewhere, as in a recovery region, would block the others.
   */
  private createCertificate(
    args: CertificatesArguments,
    host: string,
    index: number,
    issuer: pulumi.Resource,
  ): k8s.apiextensions.CustomResource {
    const secretName = certificateName(args.edge, index);
    return customResource(
      this.child(index === 0 ? "certificate" : `certificate-${index}`),
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: metadata(args, secretName),
        spec: {
          secretName,
          dnsNames: [host],
          issuerRef: {
            group: "cert-manager.io",
            kind: issuerKind(args),
            name: args.edge.certificate.issuer,
          },
          duration: "2160h",
          renewBefore: "720h",
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          usages: ["digital signature", "server auth"],
          revisionHistoryLimit: 3,
        },
      },
      this.options({ dependsOn: [issuer] }),
    );
  }

  /** The namespace denies all traffic: the gateway must reach the solver pod. */
  private allowChallenge({ system, namespace }: CertificatesArguments): void {
    new k8s.networking.v1.NetworkPolicy(
      this.child("challenge"),
      {
        metadata: {
          name: "allow-acme-challenge",
          namespace,
          labels: commonLabels(system, "certificates"),
        },
        spec: {
          podSelector: { matchLabels: { [SOLVER.label]: "true" } },
          policyTypes: ["Ingress"],
          ingress: [fromPeers([inNamespace(GATEWAY_NAMESPACE)], SOLVER.port)],
        },
      },
      this.options(),
    );
  }
}

const metadata = ({ namespace, system }: CertificatesArguments, objectName: string) => ({
  name: objectName,
  namespace,
  labels: commonLabels(system, "certificates"),
});

/** An Issuer where possible: no other namespace can use it. */
const issuerKind = ({ challenge }: CertificatesArguments): "Issuer" | "ClusterIssuer" =>
  challenge?.clusterWide === true ? "ClusterIssuer" : "Issuer";

function issuerMetadata(args: CertificatesArguments) {
  const { namespace, ...rest } = metadata(args, args.edge.certificate.issuer);
  return issuerKind(args) === "Issuer" ? { ...rest, namespace } : rest;
}

function acme(args: CertificatesArguments): Record<string, unknown> {
  return {
    acme: {
      server: DIRECTORY,
      email: args.email,
      privateKeySecretRef: { name: `${args.edge.certificate.issuer}-account` },
      solvers: [args.challenge === undefined ? overHttp(args) : { dns01: args.challenge.solver }],
    },
  };
}

/** A host must lead here first: in a recovery environment that is after the switch. */
const overHttp = (args: CertificatesArguments) => ({
  http01: {
    gatewayHTTPRoute: {
      // The namespace's quota forbids NodePorts, which are the default.
      serviceType: "ClusterIP",
      parentRefs: [
        {
          kind: "Gateway",
          name: args.gatewayName,
          namespace: args.namespace,
          sectionName: "http",
        },
      ],
    },
  },
});
