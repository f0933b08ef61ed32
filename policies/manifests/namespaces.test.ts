import { expect, it } from "vitest";
import { inNamespace } from "./namespaces";
import { manifestOf } from "./resource";

const definition = (group: string, kind: string, scope: string): Record<string, unknown> => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind}.${group}` },
  spec: { group, scope, names: { kind } },
});

function namespaces(...objects: readonly Record<string, unknown>[]): readonly unknown[] {
  const manifests = objects.flatMap((object) => manifestOf("a.yaml", object) ?? []);
  return inNamespace(manifests, "shop").map(({ namespace, object: { metadata } }) => [
    namespace,
    metadata,
  ]);
}

const LEFT = ["", undefined];
const PUT = ["shop", { namespace: "shop" }];

it.each([
  ["v1", "Pod", PUT],
  ["v1", "Namespace", LEFT],
  ["apps/v1", "Deployment", PUT],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", LEFT],
  ["rbac.authorization.k8s.io/v1", "Role", PUT],
  ["storage.k8s.io/v1", "StorageClass", LEFT],
  ["cert-manager.io/v1", "ClusterIssuer", LEFT],
  ["cert-manager.io/v1", "Issuer", PUT],
  ["postgresql.cnpg.io/v1", "Cluster", PUT],
  ["postgresql.example.com/v1", "MyClusterThing", PUT],
  ["example.com/v1", "Namespace", PUT],
])("of %s %s", (apiVersion, kind, expected) => {
  expect(namespaces({ apiVersion, kind })).toEqual([expected]);
});

it("keeps an explicit namespace, and the rest of the metadata", () => {
  const object = (metadata: unknown): Record<string, unknown> => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
  });
  expect(
    namespaces(
      object({ name: "a", namespace: "other" }),
      object({ name: "b" }),
      object({ name: "c", namespace: "" }),
      object("x"),
      object(["x"]),
      object(null),
    ),
  ).toEqual([
    ["other", { name: "a", namespace: "other" }],
    ["shop", { name: "b", namespace: "shop" }],
    ["shop", { name: "c", namespace: "shop" }],
    PUT,
    PUT,
    PUT,
  ]);
});

it("uses the definitions next to the objects", () => {
  const thing = { apiVersion: "example.com/v1", kind: "Thing" };
  const cluster = { apiVersion: "example.com/v1", kind: "ClusterThing" };
  expect(
    namespaces(
      definition("example.com", "Thing", "Cluster"),
      definition("example.com", "ClusterThing", "Namespaced"),
      thing,
      cluster,
      { ...thing, apiVersion: "example.org/v1" },
    ).slice(2),
  ).toEqual([LEFT, PUT, PUT]);
});
