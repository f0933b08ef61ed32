import { expect, it } from "vitest";
import { broken, container, deployment } from "../../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../../testing";

const namespace = (name: string): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name,
  props: { metadata: { name } },
});
const release = (chart: string, values: unknown = {}, props: object = {}): Fixture => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "chart",
  props: { chart, name: "shop", namespace: "shop", values, ...props },
});
const pulls = (name: string): Fixture =>
  broken(deployment(), ["spec", "template", "spec"], {
    imagePullSecrets: [{ name }],
    containers: [container("api")],
  });
const missing = (name: string): readonly string[] => [
  `Deployment "shop/orders": spec.template.spec.imagePullSecrets[0].name is "${name}"; namespace "shop" has no such Secret: correct the name, or create it.`,
];
const pulled = (name: string, chart: Fixture): Promise<readonly string[]> =>
  messages(["secret-reference", "undecided"], [pulls(name), namespace("shop"), chart]);
const undecided = [
  '1 reference is not judged, because Release "chart" (helm.sh/v3) may create what is missing: secret-reference (1).',
];

it.each([
  ["kube-prometheus-stack", "shop-kube-prometheus-stack-admission"],
  ["kube-prometheus-stack", "shop-grafana"],
  ["keda", "kedaorg-certs"],
  ["cert-manager", "shop-cert-manager-webhook-ca"],
  ["oci://docker.io/envoyproxy/gateway-helm", "envoy-oidc-hmac"],
])("knows all Secrets of %s, such as %s", async (chart, name) => {
  expect(await pulled(name, release(chart))).toEqual([]);
  expect(await pulled("other", release(chart))).toEqual(missing("other"));
});

it("cuts the full name where the chart does", async () => {
  const long = release("kube-prometheus-stack", {}, { name: "the-shop" });
  expect(await pulled("the-shop-kube-prometheus-s-admission", long)).toEqual([]);
  expect(await pulled("the-shop-kube-prometheus-stack-admission", long)).toHaveLength(1);
});

it("knows the full name of a chart inside of another", async () => {
  const grafana = (values: object): Fixture =>
    release("kube-prometheus-stack", { grafana: values });
  expect(await pulled("boards", grafana({ fullnameOverride: "boards" }))).toEqual([]);
  expect(await pulled("shop-boards", grafana({ nameOverride: "boards" }))).toEqual([]);
  expect(await pulled("boards", grafana({}))).toEqual(missing("boards"));
});

it("leaves a Secret open that a chart creates only with some values, or that they name", async () => {
  expect(
    await pulled("shop-kube-prometheus-stack-prometheus", release("kube-prometheus-stack")),
  ).toEqual(undecided);
  const named = release("tempo", { extra: [{ secretName: "stored" }] });
  expect(await pulled("stored", named)).toEqual(undecided);
  expect(await pulled("store", named)).toEqual(missing("store"));
  expect(await pulled("store", release("tempo", { extra: { name: UNKNOWN } }))).toEqual([
    expect.stringContaining("unknown"),
  ]);
  expect(await pulled("store", release("tempo", { extraObjects: [{}] }))).toEqual(undecided);
  expect(await pulled("store", release("other"))).toEqual(undecided);
});

it("wants the Secret that a chart's values say exists already", async () => {
  const chart = release("tempo", { admin: { existingSecret: "admins" } });
  expect(await messages("secret-reference", [namespace("shop"), chart])).toEqual([
    'Release "chart": values.admin.existingSecret is "admins"; namespace "shop" has no such Secret: correct the name, or create it.',
  ]);
});

it("wants the ServiceAccount that a chart does not create", async () => {
  const chart = (serviceAccount: object): Fixture =>
    release("external-dns", { serviceAccount }, { name: "external-dns" });
  const said = (
    serviceAccount: object,
    ...others: readonly Fixture[]
  ): Promise<readonly string[]> =>
    messages("pod-service-account-exists", [namespace("shop"), chart(serviceAccount), ...others]);
  const account: Fixture = {
    type: "kubernetes:core/v1:ServiceAccount",
    name: "a",
    props: { metadata: { name: "external-dns", namespace: "shop" } },
  };
  const given = { create: false, name: "external-dns" };
  expect(await said(given, account)).toEqual([]);
  expect(await said(given)).toEqual([
    'Release "chart": values.serviceAccount.name is "external-dns"; namespace "shop" has no such ServiceAccount: correct the name, or create it.',
  ]);
  expect(await said({ name: "external-dns" })).toEqual([]);
  expect(await said({ create: false })).toEqual([]);
  expect(await said({ create: false, name: "default" })).toEqual([]);
});
