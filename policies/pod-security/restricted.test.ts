import { describe, expect, it } from "vitest";
import { broken, deployment, podTemplate } from "../testing/fixtures";
import { podSecurity as restricted } from ".";
import { UNKNOWN, UNKNOWN_OBJECT, judge, messages, type Given } from "../testing";
import { undecided } from "../undecided";
import type { Key } from "../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const CONTEXT: readonly Key[] = [...POD, "containers", 0, "securityContext"];
const WHO = 'Deployment "shop/orders"';
const API = `${WHO}, container "api"`;
const AT = "spec.template.spec.containers[0].securityContext";

interface Row {
  readonly policy: string;
  readonly what: string;
  readonly path: readonly Key[];
  readonly value?: unknown;
  readonly says: readonly string[];
}

const PREFIX = "pod-security-";
const OR = 'it must be "RuntimeDefault" or "Localhost"';

const rows: readonly Row[] = [
  {
    policy: "restricted-run-as-non-root",
    what: "neither the pod nor the container says it",
    path: [...POD, "securityContext", "runAsNonRoot"],
    says: ['init container "migrate"', 'container "api"'].map(
      (part) =>
        `${WHO}, ${part}: spec.template.spec.${part.startsWith("init") ? "initC" : "c"}ontainers[0].securityContext.runAsNonRoot is missing; it must be true here or in spec.template.spec.securityContext.runAsNonRoot.`,
    ),
  },
  {
    policy: "restricted-run-as-non-root",
    what: "a container says the opposite of its pod",
    path: [...CONTEXT, "runAsNonRoot"],
    value: false,
    says: [`${API}: ${AT}.runAsNonRoot is false; it must be true.`],
  },
  {
    policy: "restricted-capabilities",
    what: "nothing is dropped",
    path: [...CONTEXT, "capabilities"],
    says: [`${API}: ${AT}.capabilities.drop is missing; it must contain "ALL".`],
  },
  {
    policy: "restricted-capabilities",
    what: "a capability is added back",
    path: [...CONTEXT, "capabilities", "add"],
    value: ["NET_BIND_SERVICE", "SYS_PTRACE"],
    says: [
      `${API}: ${AT}.capabilities.add[1] is "SYS_PTRACE"; only "NET_BIND_SERVICE" may be added.`,
    ],
  },
  {
    policy: "restricted-privilege-escalation",
    what: "it is allowed",
    path: [...CONTEXT, "allowPrivilegeEscalation"],
    value: true,
    says: [`${API}: ${AT}.allowPrivilegeEscalation is true; it must be false.`],
  },
  {
    policy: "restricted-privilege-escalation",
    what: "the container has no security context",
    path: CONTEXT,
    says: [`${API}: ${AT}.allowPrivilegeEscalation is missing; it must be false.`],
  },
  {
    policy: "restricted-seccomp",
    what: "neither the pod nor the container has a profile",
    path: [...POD, "securityContext", "seccompProfile"],
    says: ['init container "migrate"', 'container "api"'].map(
      (part) =>
        `${WHO}, ${part}: spec.template.spec.${part.startsWith("init") ? "initC" : "c"}ontainers[0].securityContext.seccompProfile.type is missing; ${OR} here or in spec.template.spec.securityContext.seccompProfile.type.`,
    ),
  },
  {
    policy: "restricted-seccomp",
    what: "a container switches it off",
    path: [...CONTEXT, "seccompProfile"],
    value: { type: "Unconfined" },
    says: [`${API}: ${AT}.seccompProfile.type is "Unconfined"; ${OR}.`],
  },
  {
    policy: "restricted-volume-types",
    what: "a volume is a directory of the node",
    path: [...POD, "volumes", 0],
    value: { name: "logs", hostPath: { path: "/var/log" } },
    says: [
      `${WHO}, volume "logs": spec.template.spec.volumes[0].hostPath is {"path":"/var/log"}; a volume must be one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret.`,
    ],
  },
  {
    policy: "baseline-host-namespaces",
    what: "the pod shares the node's processes",
    path: [...POD, "hostPID"],
    value: true,
    says: [`${WHO}: spec.template.spec.hostPID is true; it must be false or missing.`],
  },
  {
    policy: "baseline-privileged",
    what: "the container is privileged",
    path: [...CONTEXT, "privileged"],
    value: true,
    says: [`${API}: ${AT}.privileged is true; it must be false or missing.`],
  },
];

/** Per policy, the property it reads when it decides about the fixture's container. */
const DECIDING: readonly (readonly [string, readonly Key[]])[] = [
  ["restricted-run-as-non-root", [...POD, "securityContext", "runAsNonRoot"]],
  ["restricted-capabilities", [...CONTEXT, "capabilities", "drop"]],
  ["restricted-privilege-escalation", [...CONTEXT, "allowPrivilegeEscalation"]],
  ["restricted-seccomp", [...POD, "securityContext", "seccompProfile", "type"]],
  ["restricted-volume-types", [...POD, "volumes", 1]],
  ["baseline-host-namespaces", [...POD, "hostNetwork"]],
  ["baseline-privileged", [...CONTEXT, "privileged"]],
];

describe("Pod Security Standards", () => {
  it("finds nothing wrong with a restricted pod", async () => {
    expect(await judge(restricted, [deployment()])).toEqual([]);
  });

  it.each(rows)("$policy: $what", async ({ policy, path, value, says }) => {
    const given = broken(deployment(), path, value);
    expect(await messages(`${PREFIX}${policy}`, [given])).toEqual(says);
  });

  it.each(DECIDING)("%s leaves an unknown value open", async (policy, path) => {
    const given = broken(deployment(), path, UNKNOWN);
    expect(await messages(`${PREFIX}${policy}`, [given])).toEqual([]);
    expect((await judge(withUndecided(policy), [given])).map(({ message }) => message)).toEqual([
      `1 value is not known before the update and will be judged then: ${PREFIX}${policy} (1).`,
    ]);
  });

  it("judges what is known beside an unknown container", async () => {
    const given = broken(
      broken(deployment(), [...POD, "initContainers", 0], UNKNOWN_OBJECT),
      [...CONTEXT, "privileged"],
      true,
    );
    expect(await messages(`${PREFIX}baseline-privileged`, [given])).toEqual([
      `${API}: ${AT}.privileged is true; it must be false or missing.`,
    ]);
  });

  it("judges a pod-level refusal even where every container complies", async () => {
    const agreed = broken(deployment(), [...POD, "initContainers"]);
    const given = broken(
      broken(agreed, [...CONTEXT, "runAsNonRoot"], true),
      [...POD, "securityContext", "runAsNonRoot"],
      false,
    );
    expect(await messages(`${PREFIX}restricted-run-as-non-root`, [given])).toEqual([
      `${WHO}: spec.template.spec.securityContext.runAsNonRoot is false; it must be true.`,
    ]);
  });

  it("accepts a root user in a user namespace from version 1.35 on", async () => {
    const given = broken(
      broken(deployment(), [...POD, "securityContext", "runAsNonRoot"]),
      [...POD, "hostUsers"],
      false,
    );
    const said = (podSecurityMinor: number): Promise<readonly string[]> =>
      messages(`${PREFIX}restricted-run-as-non-root`, [given], {
        surroundings: { podSecurityMinor },
      });
    expect(await said(35)).toEqual([]);
    expect(await said(34)).toHaveLength(2);
  });

  it("asks no Linux field of a Windows pod", async () => {
    const bare = broken(deployment(), CONTEXT);
    const windows = broken(bare, [...POD, "os"], { name: "windows" });
    const linuxOnly = restricted.filter(({ name }) => /capabilities|escalation|seccomp/.test(name));
    expect(await judge(linuxOnly, [windows])).toEqual([]);
    expect((await judge(linuxOnly, [bare])).length).toBe(2);
  });

  it.each<[string, (template: unknown) => unknown]>([
    ["kubernetes:core/v1:PodTemplate", (template) => ({ template })],
    ["kubernetes:core/v1:ReplicationController", (template) => ({ spec: { template } })],
    ["kubernetes:apps/v1:ReplicaSet", (template) => ({ spec: { template } })],
    ["kubernetes:apps/v1beta2:StatefulSet", (template) => ({ spec: { template } })],
    ["kubernetes:extensions/v1beta1:DaemonSet", (template) => ({ spec: { template } })],
    ["kubernetes:batch/v1:Job", (template) => ({ spec: { template } })],
    [
      "kubernetes:batch/v1:CronJob",
      (template) => ({ spec: { jobTemplate: { spec: { template } } } }),
    ],
    ["kubernetes:core/v1:Pod", (template) => template],
  ])("looks into a %s", async (type, wrap) => {
    const template = { ...podTemplate(), spec: { hostIPC: true, containers: [] } };
    const given: Given = { type, name: "w", props: wrap(template) as Given["props"] };
    const kind = type.slice(type.lastIndexOf(":") + 1);
    const said = await messages(`${PREFIX}baseline-host-namespaces`, [given]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^${kind} "w": .*hostIPC is true; it must be false`));
  });
});

function withUndecided(policy: string): typeof restricted {
  return [...restricted.filter(({ name }) => name === `${PREFIX}${policy}`), undecided];
}
