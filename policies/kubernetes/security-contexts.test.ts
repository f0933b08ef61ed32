import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const CONTEXT: readonly Key[] = [...POD, "securityContext"];
const API: readonly Key[] = [...POD, "containers", 0, "securityContext"];
const WHO = 'Deployment "shop/orders"';
const IN_API = `${WHO}, container "api": spec.template.spec.containers[0].securityContext`;
const IN_POD = `${WHO}: spec.template.spec.securityContext`;
const OS: readonly Key[] = [...POD, "os"];

const bound = "10000 or more, here or in every container";
const here = `it must be ${bound}.`;

testPolicy("container-user-high", {
  happy: deployment,
  broken: [
    { at: [...CONTEXT, "runAsUser"], to: 9999, says: `${IN_POD}.runAsUser is 9999; ${here}` },
    { at: [...CONTEXT, "runAsUser"], to: 10000, says: [] },
    { at: [...CONTEXT, "runAsGroup"], says: `${IN_POD}.runAsGroup is missing; ${here}` },
    {
      at: [...API, "runAsUser"],
      to: 70,
      says: `${IN_API}.runAsUser is 70; it must be 10000 or more.`,
    },
    {
      at: [...CONTEXT, "runAsUser"],
      to: 800,
      setting: { configuration: { "container-user-high": { least: 800 } } },
      says: [],
    },
    {
      at: [...CONTEXT, "runAsUser"],
      to: 799,
      setting: { configuration: { "container-user-high": { least: 800 } } },
      says: `${IN_POD}.runAsUser is 799; it must be 800 or more, here or in every container.`,
    },
  ],
  unknown: [[...CONTEXT, "runAsUser"], [...API, "runAsGroup"], CONTEXT],
});

testPolicy("container-user-high", {
  happy: () =>
    ["containers", "initContainers"].reduce(
      (fixture, kind) => {
        const at = [...POD, kind, 0, "securityContext"];
        const withUser = broken(fixture, [...at, "runAsUser"], 20_002);
        return broken(withUser, [...at, "runAsGroup"], 20_003);
      },
      broken(deployment(), CONTEXT),
    ),
  broken: [{ at: [...API, "runAsUser"], says: `${IN_POD}.runAsUser is missing; ${here}` }],
  unknown: [],
});

testPolicy("container-user-high", {
  happy: () => broken(broken(deployment(), CONTEXT), [...POD, "hostUsers"], false),
  broken: [
    {
      at: [...POD, "hostUsers"],
      to: true,
      says: `${IN_POD} has neither runAsUser nor runAsGroup; they must be ${bound}.`,
    },
  ],
  unknown: [[...POD, "hostUsers"]],
});

testPolicy("container-user-high", {
  happy: deployment,
  broken: [
    { at: CONTEXT, says: `${IN_POD} has neither runAsUser nor runAsGroup; they must be ${bound}.` },
    { at: [...CONTEXT, "runAsUser"], says: `${IN_POD}.runAsUser is missing; ${here}` },
    {
      at: CONTEXT,
      to: { runAsUser: 7, runAsGroup: 8 },
      says: [`${IN_POD}.runAsUser is 7; ${here}`, `${IN_POD}.runAsGroup is 8; ${here}`],
    },
  ],
  unknown: [],
});

testPolicy("container-user-high", {
  happy: () => broken(broken(deployment(), CONTEXT), OS, { name: "windows" }),
  broken: [],
  unknown: [],
});

const root = "0 is the root group: use another group.";

testPolicy("container-root-group", {
  happy: () => broken(deployment(), [...CONTEXT, "supplementalGroups"], [11, 12]),
  broken: [
    { at: [...CONTEXT, "runAsGroup"], to: 0, says: `${IN_POD}.runAsGroup is 0; ${root}` },
    { at: [...CONTEXT, "fsGroup"], to: 0, says: `${IN_POD}.fsGroup is 0; ${root}` },
    {
      at: [...CONTEXT, "supplementalGroups", 1],
      to: 0,
      says: `${IN_POD}.supplementalGroups[1] is 0; ${root}`,
    },
    { at: [...API, "runAsGroup"], to: 0, says: `${IN_API}.runAsGroup is 0; ${root}` },
    { at: CONTEXT, says: [] },
  ],
  unknown: [
    [...CONTEXT, "fsGroup"],
    [...CONTEXT, "runAsGroup"],
    [...CONTEXT, "supplementalGroups"],
    [...CONTEXT, "supplementalGroups", 0],
    [...API, "runAsGroup"],
  ],
});

testPolicy("container-root-group", {
  happy: () => broken(broken(deployment(), [...CONTEXT, "runAsGroup"], 0), OS, { name: "windows" }),
  broken: [],
  unknown: [],
});

testPolicy("security-context-written", {
  setting: { configuration: { "security-context-written": { required: true } } },
  happy: deployment,
  broken: [
    { at: CONTEXT, says: `${IN_POD} is missing; set what applies to all of its containers.` },
    { at: CONTEXT, to: {}, says: `${IN_POD} is {}; set what applies to all of its containers.` },
    { at: API, says: `${IN_API} is missing; set at least allowPrivilegeEscalation: false.` },
  ],
  unknown: [CONTEXT, API],
});

// The policies on single fields already report it, so this one is off by default.
testPolicy("security-context-written", {
  happy: () => broken(deployment(), CONTEXT),
  broken: [{ at: API, says: [] }],
  unknown: [],
});
