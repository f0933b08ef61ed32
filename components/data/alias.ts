import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  aliasName,
  hostName,
  ipAddress,
  portName,
  portRules,
  type AliasName,
  type AliasPort,
} from "../kit/alias-name";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels } from "../kit/labels";
import { enforce } from "../kit/validation";
import { Namespace } from "../kit/namespace";

/** Where the name points. */
export type AliasTarget =
  /** A DNS name; for a comma-separated list of `host:port`, the first host. */
  | { readonly kind: "host"; readonly host: pulumi.Output<string> }
  /** An IPv4 address, for a service without a name. */
  | { readonly kind: "address"; readonly address: pulumi.Output<string> }
  /** A Service of the same cluster. */
  | { readonly kind: "service"; readonly service: string; readonly namespace: string };

export interface ServiceAliasArguments {
  readonly system: string;
  /**
   * Name that pods must be able to resolve: a Service in the application's namespace, or
   * `<service>.<namespace>.svc.cluster.local`. Changing it replaces the Service.
   */
  readonly alias: string;
  readonly applicationNamespace: string;
  readonly target: AliasTarget;
  /**
   * The ports that clients connect to. An alias does not translate ports: they are the target's
   * own. Required for an address; for a name they are only informational.
   * @default none
   */
  readonly ports?: readonly AliasPort[];
}

/**
 * A name by which pods find a data service, wherever it runs. The name only resolves to the
 * service: the certificate that a client sees has the service's own name, so a client that verifies
 * names must use that name or be configured to expect it. Network policies see the real address, so
 * they are written for the target's `reach`.
 */
export class ServiceAlias extends Component {
  /** The full name, for clients in any namespace. */
  readonly host: string;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ServiceAliasArguments, options: ComponentOptions) {
    const { alias, target } = args;
    super("alias:ServiceAlias", name, { alias, target: target.kind }, options);
    const found = checkAlias(name, args);

    const before = this.createNamespace(args, found);
    const inside = this.options({ dependsOn: [...before] });
    this.host = `${found.service}.${found.namespace}.svc.cluster.local`;
    this.ready =
      target.kind === "address"
        ? this.createAddress(args, found, target.address, inside)
        : [this.createName(args, found, this.targetName(target), inside)];
    this.publish();
  }

  private targetName(target: Exclude<AliasTarget, { kind: "address" }>): pulumi.Input<string> {
    return target.kind === "service"
      ? `${target.service}.${target.namespace}.svc.cluster.local`
      : target.host.apply((host) => hostName(`ServiceAlias ${this.name}`, host));
  }

  private createNamespace(
    args: ServiceAliasArguments,
    { namespace }: AliasName,
  ): readonly pulumi.Resource[] {
    if (namespace === args.applicationNamespace) return [];
    // No pods run in it: it only holds names, and denies all traffic.
    return new Namespace(
      this.child("namespace"),
      { namespace, system: args.system, podSecurity: "restricted" },
      { parent: this },
    ).ready;
  }

  /** A CNAME in the cluster's DNS. */
  private createName(
    args: ServiceAliasArguments,
    alias: AliasName,
    externalName: pulumi.Input<string>,
    options: pulumi.CustomResourceOptions,
  ): k8s.core.v1.Service {
    const ports = servicePorts(args);
    return new k8s.core.v1.Service(
      this.child("service"),
      {
        metadata: metadata(args, alias),
        spec: {
          type: "ExternalName",
          externalName,
          ...(ports.length === 0 ? {} : { ports }),
        },
      },
      options,
    );
  }

  /** A Service without a selector, with an EndpointSlice created here. */
  private createAddress(
    args: ServiceAliasArguments,
    alias: AliasName,
    address: pulumi.Output<string>,
    options: pulumi.CustomResourceOptions,
  ): readonly pulumi.Resource[] {
    const given = metadata(args, alias);
    const ports = servicePorts(args);
    const slice = new k8s.discovery.v1.EndpointSlice(
      this.child("endpoints"),
      {
        metadata: {
          ...given,
          labels: {
            ...given.labels,
            "kubernetes.io/service-name": alias.service,
            // Kubernetes' own controller ignores slices that are managed by another one.
            "endpointslice.kubernetes.io/managed-by": "pulumi",
          },
        },
        addressType: "IPv4",
        endpoints: [
          {
            addresses: [address.apply((text) => ipAddress(`ServiceAlias ${this.name}`, text))],
            conditions: { ready: true },
          },
        ],
        ports: ports.map(({ name, port, protocol }) => ({ name, port, protocol })),
      },
      options,
    );
    const service = new k8s.core.v1.Service(
      this.child("service"),
      { metadata: given, spec: { type: "ClusterIP", ports } },
      // The name should not resolve before its endpoint exists.
      pulumi.mergeOptions(options, { dependsOn: [slice] }),
    );
    return [slice, service];
  }
}

const metadata = ({ system }: ServiceAliasArguments, { service, namespace }: AliasName) => ({
  name: service,
  namespace,
  labels: commonLabels(system, "alias"),
});

/** Port and name must be equal in both: that is how a Service and its endpoints are matched. */
const servicePorts = ({ ports = [] }: ServiceAliasArguments) =>
  ports.map((port) => ({
    name: portName(port),
    port: port.port,
    targetPort: port.port,
    protocol: "TCP",
  }));

/** Pure; values that only the cloud knows are checked once they are known. */
export function checkAlias(
  name: string,
  args: Pick<ServiceAliasArguments, "alias" | "applicationNamespace" | "target" | "ports">,
): AliasName {
  const component = `ServiceAlias ${name}`;
  const { target, ports = [] } = args;
  const found = aliasName(component, args.alias, args.applicationNamespace);
  enforce(component, [
    ...portRules(ports),
    {
      holds: target.kind !== "address" || ports.length > 0,
      key: "ports",
      value: "empty",
      allowed: "set for an address",
      next: "Give the port that clients connect to.",
    },
  ]);
  if (target.kind !== "service") return found;
  const other = aliasName(
    component,
    `${target.service}.${target.namespace}.svc.cluster.local`,
    args.applicationNamespace,
  );
  enforce(component, [
    {
      holds: other.service !== found.service || other.namespace !== found.namespace,
      key: "target",
      value: `${found.service} in ${found.namespace}`,
      allowed: "a Service other than the alias itself",
      next: "Remove the alias if the Service already has this name.",
    },
  ]);
  return found;
}
