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

/** Where the name leads. */
export type AliasTarget =
  /** A DNS name; of a comma-separated list of `host:port`, the first host. */
  | { readonly kind: "host"; readonly host: pulumi.Output<string> }
  /** An IPv4 address, of a service that has no name of its own. */
  | { readonly kind: "address"; readonly address: pulumi.Output<string> }
  /** A Service of the same cluster. */
  | { readonly kind: "service"; readonly service: string; readonly namespace: string };

export interface ServiceAliasArguments {
  readonly system: string;
  /**
   * Name that pods must be able to resolve: of a Service in the application's namespace, or
   * `<service>.<namespace>.svc.cluster.local`. Changing it replaces the Service.
   */
  readonly alias: string;
  readonly applicationNamespace: string;
  readonly target: AliasTarget;
  /**
   * Where clients connect to. An alias does not translate them: they are the target's own. Needed for
   * an address; for a name they only inform.
   * @default none
   */
  readonly ports?: readonly AliasPort[];
}

/**
 * A name by which pods find a data service, whoever runs it. The name leads to the service and takes
 * no part in what is said there: the certificate that a client sees carries the service's own
 * name, so a client that compares names must connect by that or be told which to expect; and
 * network policies see the real address, so they are written for the target's `reach`.
 */
export class ServiceAlias extends Component {
  /** In full, for clients in any namespace. */
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
    // Nothing runs in it: it holds names, and denies the rest.
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

  /** A Service without pods, and by hand what Kubernetes would look up for it. */
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
            // Kubernetes' own controller leaves alone what another one says is its own.
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
      // Nobody finds the name before it leads somewhere.
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

/** Port and name are the same on both sides: that is how a Service and its endpoints are matched. */
const servicePorts = ({ ports = [] }: ServiceAliasArguments) =>
  ports.map((port) => ({
    name: portName(port),
    port: port.port,
    targetPort: port.port,
    protocol: "TCP",
  }));

/** Pure; what only the cloud knows is checked when it is known. */
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
