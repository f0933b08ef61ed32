import { describe, expect, it } from "vitest";
import { refusal } from "../../kit/testing";
import type { ExistingArguments } from "./arguments";
import { checkExisting } from "./check";
import { args } from "./testing";

const check = (changes: Partial<ExistingArguments>) =>
  refusal(() => {
    checkExisting("town", { ...args, ...changes });
  });

describe("an invalid description of an existing cluster", () => {
  it.each<[Partial<ExistingArguments>, string]>([
    [
      { context: " " },
      'context is " ", but must be a context in the kubeconfig. `kubectl config get-contexts` lists them.',
    ],
    [
      { storageClass: "Fast Disks" },
      'storageClass is "Fast Disks", but must be a valid name of a Kubernetes object. Correct it.',
    ],
    [
      { podCidr: "10.52.0.1/16" },
      'podCidr is "10.52.0.1/16", but must be an IPv4 network such as 10.52.0.0/16, named by its first address. `kubectl cluster-info dump | grep -m 1 cidr` may show it.',
    ],
    [
      { serviceCidr: "fd00::/108" },
      'serviceCidr is "fd00::/108", but must be an IPv4 network such as 10.52.0.0/16, named by its first address. `kubectl cluster-info dump | grep -m 1 cidr` may show it.',
    ],
    [
      { podCidr: "10.51.16.0/20" },
      'podCidr is "10.51.16.0/20", but must be a range that does not overlap serviceCidr, which is 10.51.0.0/19. Give the cluster\'s own networks of pods and Services.',
    ],
    [
      { versions: [] },
      "versions is [], but must be minor versions such as 1.35. List versions that all charts support.",
    ],
    [
      { versions: ["1.34", "1.35.2"] },
      'versions is ["1.34","1.35.2"], but must be minor versions such as 1.35. List versions that all charts support.',
    ],
    [
      { workloadNodes: { "a b": "c" } },
      'workloadNodes is "a b=c", but must be a valid Kubernetes label. `kubectl get nodes --show-labels` lists the labels of nodes.',
    ],
    [
      { workloadNodes: { pool: "riders,x" } },
      'workloadNodes is "pool=riders,x", but must be a valid Kubernetes label. `kubectl get nodes --show-labels` lists the labels of nodes.',
    ],
    [
      { helmOwned: [{ definition: "bells.example.com", namespace: "be lls" }] },
      'helmOwned is "bells.example.com=be lls", but must be the names of a CustomResourceDefinition and of a namespace. Correct it.',
    ],
  ])("is refused: %j", (changes, expected) => {
    expect(check(changes)).toBe(`ExistingCluster town: ${expected}`);
  });

  it.each<[Partial<ExistingArguments>]>([
    [{}],
    [{ workloadNodes: {} }],
    [{ workloadNodes: { "node-role.kubernetes.io/worker": "" } }],
    [{ podCidr: "100.64.0.0/10", helmOwned: [] }],
  ])("is accepted otherwise: %j", (changes) => {
    expect(check(changes)).toBe("");
  });
});
