import type * as pulumi from "@pulumi/pulumi";
import type { Edge, Host } from "../../systems/model";
import { durationText } from "../../systems/units";
import { UNPUBLISHED } from "./failover";

/** A host with the Kubernetes Services for its paths. */
export interface EdgeHost {
  readonly host: string;
  /** Of its route: how its record is written. @default its record leads here */
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly routes: readonly (Host["routes"][number] & {
    readonly backend: { readonly name: string; readonly port: number };
  })[];
}

/** Name of a host's certificate and its Secret: the first one has the runbook's name. */
export const certificateName = ({ certificate }: Edge, index: number): string =>
  index === 0 ? certificate.name : `${certificate.name}-${index}`;

export interface EdgeRoute {
  readonly suffix: string;
  readonly objectName: string;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** HTTP redirects; the paths of each host are one route over TLS. Pure. */
export function edgeRoutes(edge: Edge, hosts: readonly EdgeHost[]): readonly EdgeRoute[] {
  return [
    {
      suffix: "redirect",
      objectName: `${edge.route}-redirect`,
      // It has every host: with its record, a host's own route would have no say.
      annotations: hosts.some(({ annotations = {} }) => Object.keys(annotations).length > 0)
        ? UNPUBLISHED
        : {},
      spec: {
        parentRefs: [{ name: edge.route, sectionName: "http" }],
        hostnames: hosts.map(({ host }) => host),
        rules: [
          {
            filters: [
              { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
            ],
          },
        ],
      },
    },
    ...hosts.map((host, index) => ({
      suffix: index === 0 ? "route" : `route-${index}`,
      objectName: index === 0 ? edge.route : `${edge.route}-${index}`,
      annotations: host.annotations ?? {},
      spec: {
        parentRefs: [{ name: edge.route, sectionName: index === 0 ? "https" : `https-${index}` }],
        hostnames: [host.host],
        rules: host.routes.map((route) => rule(edge, route)),
      },
    })),
  ];
}

function rule(edge: Edge, route: EdgeHost["routes"][number]): Record<string, unknown> {
  return {
    matches: [{ path: { type: "PathPrefix", value: route.path } }],
    filters: [
      {
        type: "ResponseHeaderModifier",
        responseHeaderModifier: {
          set: [
            {
              name: "Strict-Transport-Security",
              value: `max-age=${edge.hsts.maxAge.seconds}; includeSubDomains`,
            },
          ],
        },
      },
    ],
    backendRefs: [{ name: route.backend.name, port: route.backend.port }],
    // For a WebSocket this is the maximum lifetime of a connection.
    timeouts: { request: durationText(route.timeout) },
  };
}
