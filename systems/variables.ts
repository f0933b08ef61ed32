/** Helpers for the four kinds of environment variable. */
import type { Element, EnvironmentVariable } from "./model";

/** A fixed value, the same in every environment. */
export const value = (name: string, text: string, origin: Element): EnvironmentVariable => ({
  ...origin,
  name,
  from: { kind: "value", value: text },
});

/** A key of a declared secret. */
export const secretKey = (
  name: string,
  secret: string,
  key: string,
  origin: Element,
): EnvironmentVariable => ({ ...origin, name, from: { kind: "secret", secret, key } });

/** The in-cluster URL of another service. */
export const serviceUrl = (
  name: string,
  service: string,
  origin: Element,
): EnvironmentVariable => ({
  ...origin,
  name,
  from: { kind: "service", service },
});

/**
 * A stack configuration key; `fallback` is used if the stack does not set it. With `configMap`
 * the pod gets the value through that ConfigMap.
 */
export const setting = (
  name: string,
  fallback: string,
  origin: Element,
  configMap?: string,
): EnvironmentVariable => ({
  ...origin,
  name,
  from: {
    kind: "setting",
    default: fallback,
    ...(configMap === undefined ? {} : { configMap }),
  },
});
