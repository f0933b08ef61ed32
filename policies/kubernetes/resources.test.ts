import type { Fixture, Setting } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, container, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const API: readonly Key[] = [...POD, "containers", 0, "resources"];
const INIT: readonly Key[] = [...POD, "initContainers", 0, "resources"];
const WHO = 'Deployment "shop/orders"';
const IN_API = `${WHO}, container "api": spec.template.spec.containers[0].resources`;
const IN_INIT = `${WHO}, init container "migrate": spec.template.spec.initContainers[0].resources`;
const IN_POD = `${WHO}: spec.template.spec.resources`;
const set = 'set a quantity such as "250m" or "512Mi".';

testPolicy("container-resources", {
  happy: deployment,
  broken: [
    { at: [...API, "requests", "cpu"], says: `${IN_API}.requests.cpu is missing; ${set}` },
    {
      at: [...API, "requests"],
      to: { memory: "170Mi" },
      says: `${IN_API}.requests.cpu is missing; ${set}`,
    },
    {
      at: API,
      to: { requests: { cpu: "130m" } },
      says: `${IN_API}.requests.memory is missing; so is limits.memory: set quantities such as "250m" or "512Mi".`,
    },
    // The limit is also the request.
    { at: [...API, "requests", "memory"], says: [] },
    { at: [...API, "limits", "memory"], says: `${IN_API}.limits.memory is missing; ${set}` },
    {
      at: [...API, "limits"],
      to: { cpu: "2" },
      says: `${IN_API}.limits.memory is missing; ${set}`,
    },
    {
      at: INIT,
      says: `${IN_INIT}.requests.cpu is missing; so are requests.memory and limits.memory: set quantities such as "250m" or "512Mi".`,
    },
    {
      at: [...API, "limits"],
      to: { memory: "290Mi" },
      setting: { configuration: { "container-resources": { processorLimit: true } } },
      says: [`${IN_INIT}.limits.cpu is missing; ${set}`, `${IN_API}.limits.cpu is missing; ${set}`],
    },
  ],
  unknown: [API, [...API, "requests"], [...API, "requests", "cpu"], [...API, "limits", "memory"]],
});

testPolicy("container-resources", {
  happy: () =>
    broken(broken(broken(deployment(), API), INIT), [...POD, "resources"], {
      requests: { cpu: "3" },
      limits: { memory: "5Gi" },
    }),
  broken: [
    {
      at: [...POD, "resources", "requests"],
      says: [
        `${IN_INIT}.requests.cpu is missing; ${set}`,
        `${IN_API}.requests.cpu is missing; ${set}`,
      ],
    },
  ],
  unknown: [],
});

const quantity = 'use a quantity such as "250m" or "512Mi".';
const tiny = 'it is less than 1Mi: m means a thousandth of a byte, so use a unit, as in "128Mi".';
const huge = "it is more than 128 CPUs: 1000m is one.";

const full = (): Fixture => {
  const limits = { cpu: "2", memory: "290Mi", "ephemeral-storage": "700Mi", "nvidia.com/gpu": 1 };
  const requests = { cpu: "130m", memory: "170Mi", "ephemeral-storage": "600Mi", other: null };
  return broken(deployment(), API, { requests, limits });
};

testPolicy("container-resources-sane", {
  happy: full,
  broken: [
    {
      at: [...API, "requests", "cpu"],
      to: "1x",
      says: `${IN_API}.requests.cpu is "1x"; ${quantity}`,
    },
    { at: [...API, "limits", "cpu"], to: -1, says: `${IN_API}.limits.cpu is -1; ${quantity}` },
    { at: [...API, "limits", "cpu"], to: "1000", says: `${IN_API}.limits.cpu is "1000"; ${huge}` },
    { at: [...API, "limits", "cpu"], to: 128, says: [] },
    {
      at: [...API, "limits", "cpu"],
      to: "128001m",
      says: `${IN_API}.limits.cpu is "128001m"; ${huge}`,
    },
    {
      at: [...API, "limits", "cpu"],
      to: 9,
      setting: { configuration: { "container-resources-sane": { mostProcessors: 8 } } },
      says: `${IN_API}.limits.cpu is 9; it is more than 8 CPUs: 1000m is one.`,
    },
    {
      at: [...API, "requests", "memory"],
      to: "128m",
      says: `${IN_API}.requests.memory is "128m"; ${tiny}`,
    },
    { at: [...API, "requests", "memory"], to: "1Mi", says: [] },
    {
      at: [...API, "requests", "memory"],
      to: "1M",
      says: `${IN_API}.requests.memory is "1M"; ${tiny}`,
    },
    {
      at: [...API, "requests", "ephemeral-storage"],
      to: 600,
      says: `${IN_API}.requests.ephemeral-storage is 600; ${tiny}`,
    },
    { at: [...API, "requests", "nvidia.com/gpu"], to: 1, says: [] },
    { at: [...API, "requests", "memory"], to: "290Mi", says: [] },
    {
      at: [...API, "requests", "memory"],
      to: "291Mi",
      says: `${IN_API}.requests.memory is "291Mi"; it must not be above spec.template.spec.containers[0].resources.limits.memory, which is "290Mi".`,
    },
    { at: [...API, "limits", "cpu"], says: [] },
    {
      at: [...POD, "resources"],
      to: { requests: { memory: "3Gi" }, limits: { memory: "2Gi" } },
      says: `${IN_POD}.requests.memory is "3Gi"; it must not be above spec.template.spec.resources.limits.memory, which is "2Gi".`,
    },
    {
      at: [...INIT, "limits", "memory"],
      to: "x",
      says: `${IN_INIT}.limits.memory is "x"; ${quantity}`,
    },
  ],
  unknown: [
    API,
    [...API, "requests"],
    [...API, "limits"],
    [...API, "limits", "memory"],
    [...API, "requests", "memory"],
    [...POD, "resources"],
  ],
});

const ratio = (settings: object): Setting => ({
  configuration: { "container-limit-ratio": { ...settings } },
});
const LIMIT = "it must be at most";
const of = (unit: string, shown: string): string =>
  `times spec.template.spec.containers[0].resources.requests.${unit}, which is ${shown}.`;

testPolicy("container-limit-ratio", {
  happy: full,
  setting: ratio({ memoryRatio: 2, processorRatio: 20 }),
  broken: [
    { at: [...API, "limits", "memory"], to: "340Mi", says: [] },
    {
      at: [...API, "limits", "memory"],
      to: "341Mi",
      says: `${IN_API}.limits.memory is "341Mi"; ${LIMIT} 2 ${of("memory", '"170Mi"')}`,
    },
    {
      at: [...API, "limits", "cpu"],
      to: "3",
      says: `${IN_API}.limits.cpu is "3"; ${LIMIT} 20 ${of("cpu", '"130m"')}`,
    },
    { at: [...API, "requests", "memory"], says: [] },
    { at: [...API, "limits", "memory"], says: [] },
    { at: [...API, "limits", "memory"], to: "9Gi", setting: ratio({}), says: [] },
    {
      at: [...API, "limits", "memory"],
      to: "171Mi",
      setting: ratio({ memoryRatio: 1 }),
      says: [
        'Deployment "shop/orders", init container "migrate": spec.template.spec.initContainers[0].resources.limits.memory is "290Mi"; it must be at most 1 times spec.template.spec.initContainers[0].resources.requests.memory, which is "170Mi".',
        `${IN_API}.limits.memory is "171Mi"; ${LIMIT} 1 ${of("memory", '"170Mi"')}`,
      ],
    },
  ],
  unknown: [API, [...API, "requests", "memory"], [...API, "limits", "memory"]],
});

const VOLUMES: readonly Key[] = [...POD, "volumes"];
const size = (name: string, index: number, shown: string, unit: string): string =>
  `${WHO}, volume "${name}": spec.template.spec.volumes[${String(index)}].emptyDir.sizeLimit is ${shown}; set a size such as "256Mi", or limit ${unit} in every container.`;

testPolicy("ephemeral-storage-bounded", {
  happy: () =>
    broken(deployment(), VOLUMES, [
      { name: "tmp", emptyDir: { sizeLimit: "77Mi" } },
      { name: "config", configMap: { name: "orders" } },
      { name: "memory", emptyDir: { medium: "Memory" } },
    ]),
  broken: [
    {
      at: [...VOLUMES, 0, "emptyDir", "sizeLimit"],
      says: size("tmp", 0, "missing", "ephemeral-storage"),
    },
    {
      at: [...VOLUMES, 0],
      to: { name: "tmp" },
      says: size("tmp", 0, "missing", "ephemeral-storage"),
    },
    {
      at: [...VOLUMES, 0],
      to: { configMap: null },
      says: size("without a name", 0, "missing", "ephemeral-storage"),
    },
    { at: [...API, "limits", "memory"], says: size("memory", 2, "missing", "memory") },
    {
      at: [...API, "limits", "ephemeral-storage"],
      to: "1Gi",
      setting: { configuration: { "ephemeral-storage-bounded": { containers: true } } },
      says: [
        `${IN_INIT}.requests.ephemeral-storage is missing; use a quantity such as "512Mi".`,
        `${IN_INIT}.limits.ephemeral-storage is missing; use a quantity such as "512Mi".`,
        `${IN_API}.requests.ephemeral-storage is missing; use a quantity such as "512Mi".`,
      ],
    },
  ],
  unknown: [VOLUMES, [...VOLUMES, 0]],
});

testPolicy("ephemeral-storage-bounded", {
  happy: () => {
    const limited = {
      ...container("api"),
      resources: { limits: { "ephemeral-storage": "90Mi" } },
    };
    return broken(
      broken(deployment(), [...POD, "initContainers"]),
      [...POD, "containers"],
      [limited],
    );
  },
  broken: [
    {
      at: [...API, "limits"],
      says: [
        size("tmp", 0, "missing", "ephemeral-storage"),
        size("nothing", 1, "missing", "ephemeral-storage"),
      ],
    },
  ],
  unknown: [],
});
