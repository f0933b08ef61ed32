import { UNKNOWN, secret, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";

const configuration = (): Fixture => ({
  type: "kubernetes:dapr.io/v1alpha1:Configuration",
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { mtls: { enabled: true }, accessControl: { defaultAction: "deny" } },
  },
});
const AT = 'Configuration "shop/orders": spec.';

testPolicy("dapr-mutual-tls", {
  happy: configuration,
  broken: [
    {
      at: ["spec", "mtls", "enabled"],
      to: false,
      says: `${AT}mtls.enabled is false; it must be true.`,
    },
    { at: ["spec", "mtls"], says: [] },
  ],
  unknown: [["spec", "mtls", "enabled"]],
});

const action = (found: string): string =>
  `${AT}accessControl.defaultAction is ${found}; it must be "deny", with a policy for each caller.`;
testPolicy("dapr-access-denied", {
  happy: configuration,
  broken: [
    { at: ["spec", "accessControl", "defaultAction"], to: "allow", says: action('"allow"') },
    { at: ["spec", "accessControl"], says: action("missing") },
    { at: ["metadata"], to: { name: "daprsystem" }, says: [] },
    { at: ["spec"], says: action("missing") },
  ],
  unknown: [
    ["metadata", "name"],
    ["spec", "accessControl", "defaultAction"],
  ],
});

testPolicy("dapr-access-denied", {
  happy: () => ({
    ...configuration(),
    props: { metadata: { name: "daprsystem" }, spec: { mtls: { enabled: true } } },
  }),
  broken: [
    {
      at: ["metadata", "name"],
      to: "orders",
      says: 'Configuration "orders": spec.accessControl.defaultAction is missing; it must be "deny", with a policy for each caller.',
    },
  ],
  unknown: [["metadata", "name"]],
});

const component = (): Fixture => ({
  type: "kubernetes:dapr.io/v1alpha1:Component",
  name: "pubsub",
  props: {
    metadata: { name: "pubsub", namespace: "shop" },
    scopes: ["orders"],
    spec: {
      type: "pubsub.kafka",
      metadata: [
        { name: "brokers", value: "kafka:9093" },
        { name: "saslPassword", secretKeyRef: { name: "kafka", key: "password" } },
        { name: "accessKey", value: "" },
      ],
    },
  },
});
const literal = (index: number, what = "a likely secret (by its name)"): string =>
  `Component "shop/pubsub": spec.metadata[${String(index)}].value holds ${what}; put it in a Secret and reference it with secretKeyRef.`;
testPolicy("dapr-component-secrets", {
  happy: component,
  broken: [
    { at: ["spec", "metadata", 1], to: { name: "saslPassword", value: "x1" }, says: literal(1) },
    {
      at: ["spec", "metadata", 1],
      to: { name: "redisPassword", value: secret("x1") },
      says: literal(1),
    },
    { at: ["spec", "metadata", 1], to: { name: "redisPassword", value: UNKNOWN }, says: [] },
    ...["accessKey", "masterKey", "accountKey", "SASToken"].map((name) => ({
      at: ["spec", "metadata", 1],
      to: { name, value: "x1" },
      says: literal(1),
    })),
    {
      at: ["spec", "metadata", 0, "value"],
      to: "amqp://app:x1@mq",
      says: literal(0, "a URL with a password"),
    },
    {
      at: ["spec", "metadata", 0],
      to: { value: "amqp://app:x1@mq" },
      says: literal(0, "a URL with a password"),
    },
  ],
  unknown: [
    ["spec", "metadata"],
    ["spec", "metadata", 0, "name"],
  ],
});

const scopes = (found: string): string =>
  `Component "shop/pubsub": scopes is ${found}; list the IDs of the applications that use it.`;
testPolicy("dapr-component-scopes", {
  happy: component,
  broken: [
    { at: ["scopes"], says: scopes("missing") },
    { at: ["scopes"], to: [], says: scopes("[]") },
  ],
  unknown: [],
});
