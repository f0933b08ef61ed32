import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken, deployment } from "../../testing/fixtures";
import { UNKNOWN, evaluate, secret, type Fixture } from "../../testing";
import { api } from ".";

const WHO = 'Deployment "shop/orders"';
const POD = ["spec", "template", "spec"] as const;
const FIRST = [...POD, "containers", 0] as const;
const pod = "spec.template.spec";
const first = `${pod}.containers[0]`;

/** The shared fixture gives each container probes, which an init container cannot have. */
function accepted(): Fixture {
  return ["livenessProbe", "readinessProbe"].reduce(
    (fixture, probe) => broken(fixture, [...POD, "initContainers", 0, probe]),
    deployment(),
  );
}

testPolicy("api-field-known", {
  happy: accepted,
  broken: [
    {
      at: [...FIRST, "livenesProbe"],
      to: 1,
      says: `${WHO}: ${first}.livenesProbe is 1; there is no such field, but there is "livenessProbe".`,
    },
    {
      at: ["spec", "securityContext"],
      to: { runAsNonRoot: true },
      says: `${WHO}: spec.securityContext is {"runAsNonRoot":true}; there is no such field here; it belongs to ${pod}.`,
    },
    {
      at: [...POD, "securityContext", "privileged"],
      to: true,
      says: `${WHO}: ${pod}.securityContext.privileged is true; there is no such field here; it belongs to ${pod}.containers[].securityContext.`,
    },
    {
      at: [...FIRST, "imagepullpolicy"],
      to: "Always",
      says: `${WHO}: ${first}.imagepullpolicy is "Always"; there is no such field, but there is "imagePullPolicy".`,
    },
    // The API server reads its status, although it does not store it.
    {
      at: ["status"],
      to: { replica: 1 },
      says: `${WHO}: status.replica is 1; there is no such field, but there is "replicas".`,
    },
    { at: ["metadata", "annotations"], to: { anything: "x" }, says: [] },
  ],
  unknown: [],
});

testPolicy("api-field-type", {
  happy: accepted,
  broken: [
    {
      at: ["spec", "replicas"],
      to: "3",
      says: `${WHO}: spec.replicas is "3"; it must be a number: write it without quotes.`,
    },
    {
      at: ["spec", "replicas"],
      to: 1.5,
      says: `${WHO}: spec.replicas is 1.5; it must be a whole number.`,
    },
    {
      at: [...FIRST, "env"],
      to: [{ name: "PORT", value: 8080 }],
      says: `${WHO}: ${first}.env[0].value is 8080; it must be a string: put it in quotes.`,
    },
    {
      at: [...FIRST, "command"],
      to: "run",
      says: `${WHO}: ${first}.command is "run"; it must be a list.`,
    },
    {
      at: [...POD, "hostNetwork"],
      to: "false",
      says: `${WHO}: ${pod}.hostNetwork is "false"; it must be true or false: write it without quotes.`,
    },
    {
      at: ["spec", "strategy"],
      to: "Recreate",
      says: `${WHO}: spec.strategy is "Recreate"; it must be a map with rollingUpdate, type.`,
    },
    // Null is the same as a missing field.
    { at: ["spec", "replicas"], to: null, says: [] },
  ],
  unknown: [
    ["spec", "replicas"],
    [...FIRST, "image"],
    ["metadata", "name"],
  ],
});

testPolicy("api-field-required", {
  happy: accepted,
  broken: [
    { at: [...FIRST, "name"], says: `${WHO}: ${first}.name is missing; it is required.` },
    { at: [...FIRST, "image"], to: "", says: `${WHO}: ${first}.image is ""; it is required.` },
    { at: ["spec"], says: `${WHO}: spec is missing; it is required.` },
  ],
  unknown: [],
});

testPolicy("api-value-allowed", {
  happy: accepted,
  broken: [
    {
      at: [...FIRST, "imagePullPolicy"],
      to: "Allways",
      says: `${WHO}: ${first}.imagePullPolicy is "Allways"; it must be "Always", "IfNotPresent" or "Never".`,
    },
    {
      at: [...FIRST, "resources", "requests", "memory"],
      to: "12K",
      says: `${WHO}: ${first}.resources.requests.memory is "12K"; it must be a quantity: a number and one of the units m, k, M, G, T, Ki, Mi, Gi, Ti, such as "512Mi".`,
    },
    {
      at: [...FIRST, "ports"],
      to: [{ containerPort: 70000 }],
      says: `${WHO}: ${first}.ports[0].containerPort is 70000; it must be from 1 to 65535.`,
    },
    // The default.
    { at: [...FIRST, "imagePullPolicy"], to: "", says: [] },
  ],
  unknown: [],
});

testPolicy("api-rules", {
  happy: accepted,
  broken: [
    {
      at: [...FIRST, "livenessProbe"],
      to: { periodSeconds: 7 },
      says: `${WHO}: ${first}.livenessProbe is {"periodSeconds":7}; it has no handler: give it exactly one of "exec", "httpGet", "tcpSocket" or "grpc".`,
    },
    {
      at: [...FIRST, "volumeMounts"],
      to: [{ name: "nowhere", mountPath: "/x" }],
      says: `${WHO}: ${first}.volumeMounts[0].name is "nowhere"; the pod has no such volume, only "tmp", "nothing".`,
    },
    {
      at: [...FIRST, "ports"],
      to: [
        { name: "http", containerPort: 8080 },
        { name: "http", containerPort: 9090 },
      ],
      says: `${WHO}: ${first}.ports[1].name is "http"; ${first}.ports[0] has the same: it must be unique in its list.`,
    },
    {
      at: [...FIRST, "ports"],
      to: [
        { name: UNKNOWN, containerPort: 1 },
        { name: UNKNOWN, containerPort: 2 },
      ],
      says: [],
    },
  ],
  unknown: [],
});

describe("the API policies", () => {
  const messages = async (fixture: Fixture): Promise<readonly string[]> =>
    (await evaluate(api, [fixture])).map(({ message }) => message);

  it("say one thing of a value, and nothing of what is inside a value of a wrong type", async () => {
    const fixture = accepted();
    Reflect.set(fixture.props, "spec", { replicas: "3", selector: "all", template: [] });
    expect(await messages(fixture)).toEqual(
      [
        `${WHO}: spec.selector is "all"; it must be a map with matchExpressions, matchLabels.`,
        `${WHO}: spec.template is []; it must be a map with metadata, spec.`,
        `${WHO}: spec.replicas is "3"; it must be a number: write it without quotes.`,
      ].sort((a, b) => order(a) - order(b)),
    );
  });

  const order = (text: string): number =>
    ["replicas", "selector", "template"].findIndex((key) => text.includes(`spec.${key} `));

  it("never show the content of a Secret", async () => {
    const props = { metadata: { name: "a" }, data: { password: "hunter2!" } };
    expect(await messages({ type: "kubernetes:core/v1:Secret", name: "a", props })).toEqual([
      'Secret "a": data.password: it must be base64; plain text belongs to stringData, if this is a Secret.',
    ]);
    const marked = { metadata: { name: "a" }, spec: secret({ replicas: "7" }) };
    for (const message of await messages({
      type: "kubernetes:apps/v1:Deployment",
      name: "a",
      props: marked,
    })) {
      expect(message).not.toContain('"7"');
    }
  });

  it("ask a patch for nothing that it does not change", async () => {
    const props = {
      metadata: { name: "a" },
      spec: { template: { spec: { containers: [{ name: "a", imagePullPolicy: "always" }] } } },
    };
    expect(
      await messages({ type: "kubernetes:apps/v1:DeploymentPatch", name: "a", props }),
    ).toEqual([
      'DeploymentPatch "a": spec.template.spec.containers[0].imagePullPolicy is "always"; it must be "Always", "IfNotPresent" or "Never".',
    ]);
  });

  it("judge the metadata of kinds that they do not know", async () => {
    const props = { metadata: { name: "a", lables: {} }, spec: { anything: 1 } };
    expect(await messages({ type: "kubernetes:example.com/v1:Widget", name: "a", props })).toEqual([
      'Widget "a": metadata.lables is {}; there is no such field, but there is "labels".',
    ]);
  });
});

it("shows no value of a Secret's unknown fields", async () => {
  for (const [key, value] of [
    ["strngData", { PW: "hunter2" }],
    ["spec", { password: "hunter2" }],
    ["PASSWORD", "hunter2"],
  ] as const) {
    const fixture = {
      type: "kubernetes:core/v1:Secret",
      name: "a",
      props: { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, [key]: value },
    };
    const found = await evaluate(api, [fixture]);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain(key);
    expect(found[0]?.message).not.toContain("hunter2");
  }
});

it("judges only fields and types of a status", async () => {
  const odd = { conditions: [{ type: "Available", status: "Perhaps", lastUpdateTime: "today" }] };
  expect(await evaluate(api, [broken(accepted(), ["status"], odd)])).toEqual([]);
  const pod = {
    type: "kubernetes:core/v1:Pod",
    name: "a",
    props: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { containers: [{ name: "a", image: "a" }] },
      status: { phase: "Runing" },
    },
  };
  expect(await evaluate(api, [pod])).toEqual([]);
});

const endpoints = (): readonly Fixture[] => [
  {
    type: "kubernetes:discovery.k8s.io/v1:EndpointSlice",
    name: "slice",
    props: {
      metadata: { name: "slice", namespace: "shop" },
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.1.2.3"] }],
      ports: [],
    },
  },
  {
    type: "kubernetes:core/v1:Endpoints",
    name: "old",
    props: {
      metadata: { name: "old", namespace: "shop" },
      subsets: [{ addresses: [{ ip: "10.1.2.3" }] }],
    },
  },
];
const ofNode = "it must not be an address of the node itself or of its link.";
testPolicy("api-value-allowed", {
  happy: endpoints,
  broken: [
    ...["127.1.2.3", "169.254.169.254", "0.0.0.0", "224.0.0.1"].map((to) => ({
      at: ["endpoints", 0, "addresses", 0],
      to,
      says: `EndpointSlice "shop/slice": endpoints[0].addresses[0] is "${to}"; ${ofNode}`,
    })),
    {
      of: 1,
      at: ["subsets", 0, "addresses", 0, "ip"],
      to: "127.0.0.1",
      says: `Endpoints "shop/old": subsets[0].addresses[0].ip is "127.0.0.1"; ${ofNode}`,
    },
    { at: ["addressType"], to: "FQDN", says: [] },
  ],
  unknown: [],
});
