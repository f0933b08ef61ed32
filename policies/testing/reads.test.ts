import { expect, it } from "vitest";
import type { Policy } from "../policy";
import { policyNamed } from "../catalog";
import { evaluate, type Fixture } from "./index";
import { hasPath } from "./sdk-types";

it.each([
  ["aws:rds/instance:Instance", ["storageEncrypted"], true],
  ["aws:rds/instance:Instance", ["storageEncrypt"], false],
  ["aws:eks/cluster:Cluster", ["vpcConfig", "endpointPublicAccess"], true],
  ["aws:eks/cluster:Cluster", ["vpcConfig", "endpointPublicAcces"], false],
  ["gcp:compute/sSLPolicy:SSLPolicy", ["minTlsVersion"], true],
  ["digitalocean:index/vpc:Vpc", ["ipRange"], true],
  ["kubernetes:apps/v1:Deployment", ["spec", "template", "spec", "containers", "ports"], true],
  ["kubernetes:apps/v1:Deployment", ["spec", "template", "spec", "container"], false],
  ["kubernetes:apps:Deployment", ["spec", "replicas"], true],
  ["kubernetes:core/v1:Service", ["metadata", "annotations", "example.com/any"], true],
  ["kubernetes:rbac.authorization.k8s.io/v1:Role", ["rules", "verbs"], true],
  ["kubernetes:helm.sh/v3:Release", ["values", "anything", "inside"], true],
  ["kubernetes:dapr.io/v1alpha1:Component", ["spec"], undefined],
  ["pulumi:providers:aws", ["region"], undefined],
  ["aws:rds/nothing:Nothing", ["name"], undefined],
])("%s %j", (type, path, expected) => {
  expect(hasPath(type, path)).toBe(expected);
});

const asks = (key: string): Policy => ({
  ...policyNamed("aws-rds-encrypted"),
  check: {
    kind: "resource",
    types: ["aws:rds/instance:Instance"],
    run: ({ props }): void => void props.get(key),
  },
});
const instance: Fixture = { type: "aws:rds/instance:Instance", name: "db", props: { odd: 1 } };

it("refuses a policy that reads what its type does not have", async () => {
  await expect(evaluate([asks("storageEncrypt")], [instance])).rejects.toThrow(
    "aws-rds-encrypted reads storageEncrypt, which aws:rds/instance:Instance does not have.",
  );
});

it("accepts properties of the type", async () => {
  await expect(evaluate([asks("storageEncrypted")], [instance])).resolves.toEqual([]);
});
