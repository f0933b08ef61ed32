import { describe, expect, it } from "vitest";
import { inputsOf } from "../kit/testing";
import { brokers, createStrimzi, strimziArguments } from "./testing";

describe("network policies of Strimzi's pods", () => {
  const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
  const own = { podSelector: { matchLabels: brokers } };
  const entity = {
    "strimzi.io/cluster": "bike-bus",
    "strimzi.io/name": "bike-bus-entity-operator",
  };

  it("let clients, the operator, monitoring and other brokers reach the brokers", async () => {
    const { resources } = await createStrimzi();
    expect(inputsOf(resources, "bus-network-brokers")["spec"]).toEqual({
      podSelector: { matchLabels: brokers },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [own], ports: ports(9090, 9091) },
        {
          from: [
            {
              ...inNamespace("keepers"),
              podSelector: { matchLabels: { "strimzi.io/kind": "cluster-operator" } },
            },
          ],
          ports: ports(9090, 9091, 8443),
        },
        { from: [{ podSelector: { matchLabels: entity } }], ports: ports(9091) },
        { from: strimziArguments.allowFrom, ports: ports(9092) },
        { from: [inNamespace("watch")], ports: ports(9404) },
      ],
      egress: [{ to: [own], ports: ports(9090, 9091) }, { ports: ports(443, 6443) }],
    });
  });

  it("let the entity operator reach brokers and the API server", async () => {
    const { resources } = await createStrimzi();
    expect(inputsOf(resources, "bus-network-entity-operator")["spec"]).toEqual({
      podSelector: { matchLabels: entity },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [inNamespace("watch")], ports: ports(8080, 8081) }],
      egress: [{ to: [own], ports: ports(9091) }, { ports: ports(443, 6443) }],
    });
  });
});
