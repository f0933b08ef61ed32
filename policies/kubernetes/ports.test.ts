import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Fixture } from "../testing";
import type { Key } from "../values";

const PORTS: readonly Key[] = ["spec", "template", "spec", "containers", 0, "ports"];
const at = 'Deployment "shop/orders", container "api": spec.template.spec.containers[0].ports';
const happy = (): Fixture =>
  broken(deployment(), PORTS, [
    { containerPort: 8110 },
    { containerPort: 8111, protocol: "UDP" },
    { containerPort: 8112, protocol: "TCP" },
  ]);

testPolicy("container-port-ssh", {
  happy,
  broken: [0, 2].map((index) => ({
    at: [...PORTS, index, "containerPort"],
    to: 22,
    says: `${at}[${String(index)}].containerPort is 22; 22 is the SSH port: remove it.`,
  })),
  unknown: [PORTS, [...PORTS, 0], [...PORTS, 0, "containerPort"]],
});

testPolicy("container-port-ssh", {
  happy: () => broken(happy(), [...PORTS, 1, "containerPort"], 22),
  broken: [],
  unknown: [],
});

const expected = "it must be 1024 or more; the Service may map another port to it.";

testPolicy("container-port-unprivileged", {
  happy,
  broken: [
    { at: [...PORTS, 0, "containerPort"], to: 1024, says: [] },
    {
      at: [...PORTS, 0, "containerPort"],
      to: 1023,
      says: `${at}[0].containerPort is 1023; ${expected}`,
    },
    {
      at: [...PORTS, 1, "containerPort"],
      to: "53",
      says: `${at}[1].containerPort is "53"; ${expected}`,
    },
    { at: [...PORTS, 0, "containerPort"], says: [] },
  ],
  unknown: [PORTS, [...PORTS, 0], [...PORTS, 0, "containerPort"]],
});
