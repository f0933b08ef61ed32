/** How a system is reached from outside. */
import type { Element, EnvironmentName } from "./element";
import type { Duration } from "../units";

export interface Edge extends Element {
  /** The route's name, as the runbook's commands use it. */
  readonly route: string;
  /** What `{domain}` stands for when the stack does not say; absent where the runbook has none. */
  readonly domain?: string;
  /** Host names; `{domain}` stands for the stack's domain. */
  readonly hosts: readonly Host[];
  /** Tools for operators: each behind TLS and a login of its own, never with default credentials. */
  readonly tools?: readonly (Element & {
    readonly tool: "grafana" | "kibana" | "jaeger";
    readonly host: string;
    readonly path: string;
  })[];
  /** Every request must carry a valid credential, except to `exempt`; absent leaves it to the service. */
  readonly authentication?: Element & {
    readonly kind: "jwt";
    readonly exempt: readonly string[];
  };
  readonly certificate: { readonly name: string; readonly issuer: "letsencrypt" };
  readonly rateLimit: Element & { readonly perClientPerSecond: number };
  readonly hsts: Element & { readonly maxAge: Duration };
}

export interface Host extends Element {
  readonly host: string;
  /** Only in this environment; absent means in all. */
  readonly environment?: EnvironmentName;
  /** Leads to the version that is not live yet (blue-green). */
  readonly preview?: boolean;
  readonly routes: readonly {
    readonly path: string;
    readonly service: string;
    /** How long one request, or one WebSocket connection, may last. */
    readonly timeout: Duration;
    readonly websocket?: boolean;
  }[];
}

/** Two addresses that answer for each other: names are those of `Edge.hosts`. */
export interface Failover extends Element {
  readonly host: string;
  readonly recoveryHost: string;
  /** The path whose answer decides whether a region is healthy. */
  readonly path: string;
}
