import type { Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
const WHO = 'Deployment "shop/orders", container "api": spec.template.spec.containers[0].';
const ENV: readonly Key[] = [...CONTAINER, "env"];
const fixture = (env: readonly object[]): Fixture => broken(deployment(), ENV, env);

testPolicy("env-names-unique", {
  happy: () => fixture([{ name: "A", value: "1" }, { name: "B" }, {}, {}]),
  broken: [
    {
      at: [...ENV, 1, "name"],
      to: "A",
      says: `${WHO}env[1].name is "A"; the variable is set twice, and the last value wins: keep one.`,
    },
    { at: [...ENV, 1, "name"], to: "a", says: [] },
    { at: ENV, says: [] },
  ],
  unknown: [ENV, [...ENV, 0, "name"]],
});

const required = { configuration: { "container-secret-files": { required: true } } };
const fileExpected = "mount the Secret as a volume, and pass the file's path to the container.";
testPolicy("container-secret-files", {
  happy: () => fixture([{ name: "A", value: "1", valueFrom: {} }]),
  setting: required,
  broken: [
    {
      at: [...ENV, 0, "valueFrom", "secretKeyRef"],
      to: { key: "a" },
      says: `${WHO}env[0].valueFrom.secretKeyRef is {"key":"a"}; ${fileExpected}`,
    },
    {
      at: [...CONTAINER, "envFrom"],
      to: [{ configMapRef: {} }, { secretRef: { name: "s" } }],
      says: `${WHO}envFrom[1].secretRef is {"name":"s"}; ${fileExpected}`,
    },
    {
      at: [...ENV, 0, "valueFrom", "secretKeyRef"],
      to: { key: "a" },
      says: [],
      setting: { configuration: {} },
    },
    { at: ENV, says: [] },
  ],
  unknown: [[...ENV, 0, "valueFrom", "secretKeyRef"]],
});
