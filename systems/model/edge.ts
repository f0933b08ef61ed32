/** How a system is exposed to the outside. */
import type { Element, EnvironmentName } from "./element";
import type { Duration } from "../units";

export interface Edge extends Element {
  /** The route's name, as the runbook's commands use it. */
  readonly route: string;
  /** The value of `{domain}` if the stack does not set one; absent if the runbook has none. */
  readonly domain?: string;
  /** Host names; `{domain}` stands for the stack's domain. */
  readonly hosts: readonly Host[];
  /** Tools for operators: each behind TLS and its own login, never with default credentials. */
  readonly tools?: readonly (Element & {
    readonly tool: "grafana" | "kibana" | "jaeger";
    readonly host: string;
    readonly path: string;
  })[];
  /** Every request must carry a valid credential, except to `exempt`; if absent, the service decides. */
  readonly authentication?: Element & {
    readonly kind: "jwt";
    readonly exempt: readonly string[];
  };
  readonly certificate: { readonly name: string; readonly issuer: "letsencrypt" };
  readonly rateLimit: Element & {
    /**
     * For one address at one route of one proxy: each of them counts by itself. With two to six
     * proxies a client that uses all of them gets as many times the rate.
     */
    readonly perClientPerSecond: number;
  };
  readonly hsts: Element & { readonly maxAge: Duration };
}

export interface Host extends Element {
  readonly host: string;
  /** Only in this environment; absent means all. */
  readonly environment?: EnvironmentName;
  /** Leads to the version that is not live yet (blue-green). */
  readonly preview?: boolean;
  readonly routes: readonly {
    readonly path: string;
    readonly service: string;
    /** Maximum duration of one request or WebSocket connection. */
    readonly timeout: Duration;
    readonly websocket?: boolean;
  }[];
}

/** A host that moves between two regions, and what each of them answers for alone; names are from `Edge.hosts`. */
export interface Failover extends Element {
  readonly host: string;
  readonly recoveryHost: string;
  /** A host of the edge with environment "prod", which stays with the primary region: the health check asks it. */
  readonly primaryHost: string;
  /** The path whose response decides whether a region is healthy. */
  readonly path: string;
}
