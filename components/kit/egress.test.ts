import { expect, it } from "vitest";
import { toReach } from "./egress";

it("turns network paths into rules of a network policy", () => {
  expect(toReach({ kind: "internet", port: 5433 })).toMatchObject({
    to: [{ ipBlock: { cidr: "0.0.0.0/0" } }],
    ports: [{ protocol: "TCP", port: 5433 }],
  });
  expect(toReach({ kind: "network", cidr: "10.7.0.0/16", firstPort: 25, lastPort: 29 })).toEqual({
    to: [{ ipBlock: { cidr: "10.7.0.0/16" } }],
    ports: [{ protocol: "TCP", port: 25, endPort: 29 }],
  });
  expect(
    toReach({ kind: "pods", namespace: "cellar", labels: { app: "cache" }, ports: [6379, 6380] }),
  ).toEqual({
    to: [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "cellar" } },
        podSelector: { matchLabels: { app: "cache" } },
      },
    ],
    ports: [
      { protocol: "TCP", port: 6379 },
      { protocol: "TCP", port: 6380 },
    ],
  });
});
