import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken, container, deployment } from "../../testing/fixtures";
import { UNKNOWN_OBJECT, messages, type Fixture } from "../../testing";
import type { Key } from "../../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const WHO = 'Deployment "shop/orders"';

const object = (type: string, name: string, props: object = {}, namespace = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace }, ...props },
});
const shop: Fixture = {
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
};
const secret = (name: string, ...keys: readonly string[]): Fixture =>
  object("core/v1:Secret", name, { stringData: Object.fromEntries(keys.map((key) => [key, "x"])) });
const configMap = (name: string, ...keys: readonly string[]): Fixture =>
  object("core/v1:ConfigMap", name, { data: Object.fromEntries(keys.map((key) => [key, "x"])) });

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** A pod that uses one kind in every way. */
const taking = (spec: Partial<PodSpec>, more: object): Fixture =>
  broken(deployment(), POD, { ...spec, containers: [{ ...container("api"), ...more }] });

const withSecrets = (): Fixture =>
  taking(
    {
      imagePullSecrets: [{ name: "registry" }],
      volumes: [
        { name: "tls", secret: { secretName: "tls" } },
        {
          name: "all",
          projected: { sources: [{ secret: { name: "part", items: [{ key: "k", path: "p" }] } }] },
        },
      ],
    },
    {
      env: [
        { name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } },
        { name: "A", value: "b" },
      ],
      envFrom: [{ secretRef: { name: "all" } }],
    },
  );
const API: readonly Key[] = [...POD, "containers", 0];
const REF: readonly Key[] = [...API, "env", 0, "valueFrom", "secretKeyRef"];
const none = (path: string, name: string, kind = "Secret", part = ', container "api"'): string =>
  `${WHO}${part}: spec.template.spec.${path} is "${name}"; namespace "shop" has no such ${kind}: correct the name, or create it.`;
const noKey = (path: string, key: string, known: string, part = ', container "api"'): string =>
  `${WHO}${part}: spec.template.spec.${path} is "${key}"; the ${known}: use one of them, or add it there.`;

testPolicy("secret-reference", {
  happy: () => [
    withSecrets(),
    shop,
    secret("db", "url"),
    secret("all"),
    secret("registry"),
    secret("tls"),
    secret("part", "k"),
  ],
  broken: [
    {
      at: [...REF, "name"],
      to: "dbs",
      says: none("containers[0].env[0].valueFrom.secretKeyRef.name", "dbs"),
    },
    {
      at: [...REF, "key"],
      to: "uri",
      says: noKey(
        "containers[0].env[0].valueFrom.secretKeyRef.key",
        "uri",
        'Secret has only "url"',
      ),
    },
    { at: REF, to: { name: "dbs", key: "url", optional: true }, says: [] },
    {
      at: REF,
      to: { name: "dbs", key: "url", optional: false },
      says: none("containers[0].env[0].valueFrom.secretKeyRef.name", "dbs"),
    },
    { at: [...REF, "name"], says: [] },
    {
      at: [...API, "envFrom", 0, "secretRef", "name"],
      to: "some",
      says: none("containers[0].envFrom[0].secretRef.name", "some"),
    },
    {
      at: [...POD, "volumes", 0, "secret", "secretName"],
      to: "tsl",
      says: none("volumes[0].secret.secretName", "tsl", "Secret", ""),
    },
    {
      at: [...POD, "volumes", 1, "projected", "sources", 0, "secret", "items", 0, "key"],
      to: "l",
      says: noKey(
        "volumes[1].projected.sources[0].secret.items[0].key",
        "l",
        'Secret has only "k"',
        "",
      ),
    },
    {
      at: [...POD, "imagePullSecrets", 0, "name"],
      to: "hub",
      says: none("imagePullSecrets[0].name", "hub", "Secret", ""),
    },
    { of: 2, at: ["stringData"], says: [] },
    { of: 2, at: ["data"], to: { uri: "eA==" }, says: [] },
    {
      of: 2,
      at: ["stringData"],
      to: {},
      says: noKey("containers[0].env[0].valueFrom.secretKeyRef.key", "url", "Secret has no keys"),
    },
    {
      of: 2,
      at: ["metadata", "namespace"],
      to: "stock",
      says: none("containers[0].env[0].valueFrom.secretKeyRef.name", "db"),
    },
    // Others may have created it in their own namespace.
    { of: 1, at: ["metadata", "name"], to: "stock", says: [] },
  ],
  unknown: [
    [...REF, "name"],
    [...REF, "key"],
    [2, "metadata", "name"],
    [2, "metadata", "namespace"],
    [2, "stringData"],
    ["metadata", "namespace"],
  ],
});

const withConfigMaps = (): Fixture =>
  taking(
    { volumes: [{ name: "v", configMap: { name: "files", items: [{ key: "f", path: "f" }] } }] },
    {
      env: [{ name: "L", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } }],
      envFrom: [{ configMapRef: { name: "settings" } }],
    },
  );

testPolicy("config-map-reference", {
  happy: () => [withConfigMaps(), shop, configMap("settings", "level"), configMap("files", "f")],
  broken: [
    {
      at: [...API, "env", 0, "valueFrom", "configMapKeyRef", "name"],
      to: "setting",
      says: none("containers[0].env[0].valueFrom.configMapKeyRef.name", "setting", "ConfigMap"),
    },
    {
      at: [...API, "env", 0, "valueFrom", "configMapKeyRef", "name"],
      to: "kube-root-ca.crt",
      says: [],
    },
    {
      at: [...API, "envFrom", 0, "configMapRef", "name"],
      to: "setting",
      says: none("containers[0].envFrom[0].configMapRef.name", "setting", "ConfigMap"),
    },
    {
      at: [...POD, "volumes", 0, "configMap", "name"],
      to: "file",
      says: none("volumes[0].configMap.name", "file", "ConfigMap", ""),
    },
    {
      of: 3,
      at: ["data"],
      to: { g: "", h: "" },
      says: noKey("volumes[0].configMap.items[0].key", "f", 'ConfigMap has only "g", "h"', ""),
    },
    { of: 3, at: ["binaryData"], to: { g: "" }, says: [] },
  ],
  unknown: [
    [...POD, "volumes", 0, "configMap", "name"],
    [3, "data"],
  ],
});

const claimed = (claimName: string): Fixture =>
  taking(
    {
      volumes: [
        { name: "t", emptyDir: {} },
        { name: "d", persistentVolumeClaim: { claimName } },
      ],
    },
    {},
  );

testPolicy("volume-claim-reference", {
  happy: () => [claimed("disk"), shop, object("core/v1:PersistentVolumeClaim", "disk")],
  broken: [
    {
      at: [...POD, "volumes", 1, "persistentVolumeClaim", "claimName"],
      to: "disc",
      says: none("volumes[1].persistentVolumeClaim.claimName", "disc", "PersistentVolumeClaim", ""),
    },
  ],
  unknown: [[...POD, "volumes", 1, "persistentVolumeClaim", "claimName"]],
});

describe("volume-claim-reference", () => {
  const set = object("apps/v1:StatefulSet", "db", {
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  });

  it("knows the claims of a StatefulSet", async () => {
    const reported = (name: string): Promise<readonly string[]> =>
      messages("volume-claim-reference", [claimed(name), shop, set]);
    expect(await reported("data-db-12")).toEqual([]);
    expect(await reported("data-db-x")).toHaveLength(1);
    expect(await reported("data-dbs-0")).toHaveLength(1);
  });

  it("does not throw for malformed values", async () => {
    const odd = broken(deployment(), POD, { volumes: 7, containers: "x" });
    for (const policy of ["secret-reference", "config-map-reference", "volume-claim-reference"]) {
      expect(await messages(policy, [odd, shop])).toEqual([]);
      expect(await messages(policy, [broken(deployment(), POD, UNKNOWN_OBJECT), shop])).toEqual([]);
    }
  });
});

it("leaves open what another rendering has", async () => {
  const named = broken(
    deployment(),
    [...POD, "volumes"],
    [{ name: "words", configMap: { name: "words" } }],
  );
  const reported = (elsewhere: string | undefined): Promise<readonly string[]> =>
    messages(["config-map-reference", "undecided"], [named, shop], {
      policyContext: { elsewhere: () => elsewhere },
    });
  const where = 'Deployment "shop/orders": spec.template.spec.volumes[0].configMap.name is "words"';
  expect(await reported(undefined)).toEqual([
    `${where}; namespace "shop" has no such ConfigMap: correct the name, or create it.`,
  ]);
  const [only = "", ...others] = await reported("base/words.yaml");
  expect(others).toEqual([]);
  expect(only).toContain(
    'namespace "shop" has no such ConfigMap in this rendering; not judged, because base/words.yaml has one and may be applied with it',
  );
});
