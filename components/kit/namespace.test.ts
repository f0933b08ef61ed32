import { describe, expect, it } from "vitest";
import { cores, gib } from "../../systems/units";
import { inputsOf, named, register } from "./testing";
import { Namespace, type NamespaceArguments } from "./namespace";
import { fromAnywhere, toInternet } from "./network-rules";

const create = (args: Partial<NamespaceArguments> = {}) =>
  register(
    (options) =>
      new Namespace(
        "yard",
        { namespace: "garden", system: "farm", podSecurity: "restricted", ...args },
        options,
      ),
  );

const labels = (component: string) => ({
  "app.kubernetes.io/part-of": "farm",
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/managed-by": "pulumi",
});

describe("a namespace", () => {
  it("is created with its guards, which depend on it", async () => {
    const { result, resources } = await create();
    expect(resources.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ["yard-allow-dns", ["yard-namespace"]],
      ["yard-default-deny", ["yard-namespace"]],
      ["yard-limits", ["yard-namespace"]],
      ["yard-namespace", []],
    ]);
    expect(result.namespace).toBe("garden");
    expect(result.ready).toHaveLength(4);
  });

  it.each([
    ["restricted", "restricted"],
    ["baseline", "restricted"],
    ["privileged", "baseline"],
  ] as const)("enforces %s, warns at %s and audits at restricted", async (podSecurity, warn) => {
    const { resources } = await create({ podSecurity });
    expect(inputsOf(resources, "yard-namespace")).toMatchObject({
      metadata: {
        name: "garden",
        labels: {
          ...labels("namespace"),
          "pod-security.kubernetes.io/enforce": podSecurity,
          "pod-security.kubernetes.io/enforce-version": "latest",
          "pod-security.kubernetes.io/warn": warn,
          "pod-security.kubernetes.io/warn-version": "latest",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/audit-version": "latest",
        },
      },
    });
  });

  it("denies all traffic in both directions except DNS", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "yard-default-deny")["spec"]).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    expect(inputsOf(resources, "yard-allow-dns")["spec"]).toEqual({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    });
  });

  it("allows the traffic that a platform namespace needs", async () => {
    const { resources } = await create({
      traffic: { ingress: [fromAnywhere(9443)], egress: [toInternet(443)] },
    });
    expect(inputsOf(resources, "yard-allow-platform")["spec"]).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }, { ports: [{ protocol: "TCP", port: 9443 }] }],
      egress: [
        { to: [{ podSelector: {} }] },
        {
          to: [
            {
              ipBlock: {
                cidr: "0.0.0.0/0",
                except: [
                  "10.0.0.0/8",
                  "172.16.0.0/12",
                  "192.168.0.0/16",
                  "169.254.0.0/16",
                  "100.64.0.0/10",
                ],
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    });
  });

  it("limits a container without requests and limits", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "yard-limits")["spec"]).toEqual({
      limits: [
        {
          type: "Container",
          defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
          default: { memory: "512Mi", "ephemeral-storage": "2Gi" },
        },
      ],
    });
  });

  it("limits itself if a quota is given, and forbids NodePorts and load balancers", async () => {
    const { result, resources } = await create({
      quota: { cpu: cores(7), memory: gib(9), pods: 23 },
    });
    expect(inputsOf(resources, "yard-quota")["spec"]).toEqual({
      hard: {
        "requests.cpu": "7",
        "requests.memory": "9Gi",
        pods: "23",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    });
    expect(named(resources, "yard-quota").dependsOn).toEqual(["yard-namespace"]);
    expect(result.ready).toHaveLength(5);
  });
});
