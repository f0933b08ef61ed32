/** API versions of the gateway's objects. */
export const GATEWAY_API = "gateway.networking.k8s.io/v1";
export const EXTENSION_API = "gateway.envoyproxy.io/v1alpha1";
