import { describe, expect, it } from "vitest";
import type { Change, CheckContext, Resource } from "../policy";
import { UNKNOWN } from "../testing";
import { Value } from "../values";
import { podSecurity } from ".";

type Json = Readonly<Record<string, unknown>>;

const AT = "spec.template.spec";
const MARKS = {
  isUnknown: (raw: unknown) => raw === UNKNOWN,
  isSecret: () => false,
  holdsSecret: () => false,
};

/** The changes that a policy would make to a Deployment of this pod, as `path = value`. */
function written(policy: string, spec: Json, podSecurityMinor = Infinity): readonly string[] {
  const found = podSecurity.find(({ name }) => name === `pod-security-restricted-${policy}`);
  const props = Value.marked({ spec: { template: { spec } } }, MARKS);
  const resource = { type: "kubernetes:apps/v1:Deployment", props } as Resource;
  const context = { podSecurityMinor } as CheckContext;
  const changes = found?.remediate?.(resource, context) ?? ["no remedy" as never];
  return changes.map(({ path, value }: Change) => {
    const at = path
      .map((key) => (typeof key === "number" ? `[${String(key)}]` : `.${key}`))
      .join("");
    return `${at.slice(1)} = ${JSON.stringify(value)}`;
  });
}

const containing = (...contexts: readonly (Json | undefined)[]): Json => ({
  containers: contexts.map((securityContext) => ({ securityContext })),
});

describe("the remediation for privilege escalation", () => {
  const fix = (spec: Json, minor?: number) => written("privilege-escalation", spec, minor);
  const no = (index: number, kind = "containers"): string =>
    `${AT}.${kind}[${String(index)}].securityContext.allowPrivilegeEscalation = false`;

  it("is false for each container without a value", () => {
    expect(fix(containing(undefined, { allowPrivilegeEscalation: false }, {}))).toEqual([
      no(0),
      no(2),
    ]);
    expect(fix({ initContainers: [{}], containers: [{}], ephemeralContainers: [{}] })).toEqual([
      no(0, "initContainers"),
      no(0),
      no(0, "ephemeralContainers"),
    ]);
  });

  it("does not overwrite a value", () => {
    expect(fix(containing({ allowPrivilegeEscalation: true }))).toEqual([]);
  });

  it.each<[string, Json]>([
    ["is privileged", { privileged: true }],
    ["adds SYS_ADMIN", { capabilities: { add: ["CHOWN", "SYS_ADMIN"] } }],
    ["adds it by its kernel name", { capabilities: { add: ["CAP_SYS_ADMIN"] } }],
    ["adds what is no text", { capabilities: { add: [12] } }],
    ["adds what is no list", { capabilities: { add: "SYS_ADMIN" } }],
  ])("is skipped if the API server would reject it: the container %s", (_, context) => {
    expect(fix(containing(context))).toEqual([]);
  });

  it.each<[string, Json]>([
    ["unprivileged", { privileged: false }],
    ["adding what goes with it", { capabilities: { add: ["SYS_ADMINISTRATOR"] } }],
    ["adding nothing", { capabilities: { add: [] } }],
  ])("is applied to a container that is %s", (_, context) => {
    expect(fix(containing(context))).toEqual([no(0)]);
  });

  it("is skipped for Windows, or an unknown operating system", () => {
    expect(fix({ os: { name: "windows" }, ...containing({}) })).toEqual([]);
    expect(fix({ os: { name: "linux" }, ...containing({}) })).toEqual([no(0)]);
  });

  it("is skipped before the version that requires it", () => {
    expect([fix(containing({}), 7), fix(containing({}), 8)]).toEqual([[], [no(0)]]);
  });
});

describe("the remediation for capabilities", () => {
  const fix = (spec: Json, minor?: number) => written("capabilities", spec, minor);
  const all = `${AT}.containers[0].securityContext.capabilities.drop = ["ALL"]`;

  it.each<[string, Json | undefined]>([
    ["no security context", undefined],
    ["no capabilities", {}],
    ["an empty list", { capabilities: { drop: [] } }],
    ["only what may be added", { capabilities: { add: ["NET_BIND_SERVICE"] } }],
  ])("replaces %s with ALL", (_, context) => {
    expect(fix(containing(context))).toEqual([all]);
  });

  it.each<[string, Json]>([
    ["drops all", { capabilities: { drop: ["ALL"] } }],
    ["drops some by choice", { capabilities: { drop: ["NET_RAW"] } }],
    ["adds others", { capabilities: { add: ["NET_BIND_SERVICE", "CHOWN"] } }],
  ])("is skipped if a container %s", (_, context) => {
    expect(fix(containing(context))).toEqual([]);
  });

  it("is skipped before the version that requires it", () => {
    expect([fix(containing({}), 21), fix(containing({}), 22)]).toEqual([[], [all]]);
  });
});

describe("the remediation for seccomp", () => {
  const fix = (spec: Json, minor?: number) => written("seccomp", spec, minor);
  const set = `${AT}.securityContext.seccompProfile = {"type":"RuntimeDefault"}`;
  const own = { seccompProfile: { type: "Localhost" } };

  it("is the runtime's default profile for the pod, if a container has none", () => {
    expect(fix(containing(own, {}))).toEqual([set]);
    expect(fix({ securityContext: { runAsUser: 31 }, ...containing(undefined) })).toEqual([set]);
  });

  it("is skipped if every container or the pod has one", () => {
    expect(fix(containing(own, own))).toEqual([]);
    expect(
      fix({ securityContext: { seccompProfile: { type: "Unconfined" } }, ...containing({}) }),
    ).toEqual([]);
    expect(fix({})).toEqual([]);
  });

  it("is skipped before the version that requires it", () => {
    expect([fix(containing({}), 18), fix(containing({}), 19)]).toEqual([[], [set]]);
  });
});

describe("the remediation for running as root", () => {
  const fix = (spec: Json, minor?: number) => written("run-as-non-root", spec, minor);
  const refused = `${AT}.securityContext.runAsNonRoot = true`;
  const podUser = (runAsUser: unknown): Json => ({ securityContext: { runAsUser } });

  it("is runAsNonRoot for the pod, if a container has none", () => {
    expect(fix(containing({ runAsNonRoot: true }, {}))).toEqual([refused]);
    expect(fix({ ...podUser(31), ...containing({ runAsUser: 37 }) })).toEqual([refused]);
  });

  it("is skipped if every container or the pod has a value", () => {
    expect(fix(containing({ runAsNonRoot: true }, { runAsNonRoot: false }))).toEqual([]);
    expect(fix({ securityContext: { runAsNonRoot: false }, ...containing({}) })).toEqual([]);
  });

  it("is skipped if root, or an invalid user, is set", () => {
    expect(fix({ ...podUser(0), ...containing({}) })).toEqual([]);
    expect(fix({ ...podUser("31"), ...containing({}) })).toEqual([]);
    expect(fix(containing({ runAsUser: 0 }))).toEqual([]);
    // This container sets its own value.
    expect(fix(containing({ runAsUser: 0, runAsNonRoot: false }, {}))).toEqual([refused]);
  });

  it("is skipped in a user namespace, from the version that allows root there", () => {
    const spec = { hostUsers: false, ...containing({}) };
    expect([fix(spec, 34), fix(spec, 35)]).toEqual([[refused], []]);
    expect(fix({ hostUsers: true, ...containing({}) })).toEqual([refused]);
    expect(fix({ hostUsers: "no", ...containing({}) })).toEqual([]);
  });

  it("applies in every version", () => {
    expect(fix(containing({}), 1)).toEqual([refused]);
  });
});

describe("unknown values", () => {
  const policies = ["privilege-escalation", "capabilities", "seccomp", "run-as-non-root"];
  const all = (spec: unknown): readonly string[] =>
    policies.flatMap((policy) => written(policy, spec as Json));

  it.each<[string, unknown]>([
    ["the pod", UNKNOWN],
    ["its system", { os: { name: UNKNOWN }, ...containing({}) }],
    ["its containers", { containers: UNKNOWN }],
    ["a container", { containers: [UNKNOWN] }],
    ["its security context", containing(UNKNOWN as never)],
  ])("stop every remediation: %s", (_, spec) => {
    expect(all(spec)).toEqual([]);
  });

  it.each<[string, string, Json]>([
    ["privilege-escalation", "privileged", containing({ privileged: UNKNOWN })],
    ["privilege-escalation", "what is added", containing({ capabilities: { add: [UNKNOWN] } })],
    ["capabilities", "what is dropped", containing({ capabilities: { drop: UNKNOWN } })],
    ["capabilities", "what is added", containing({ capabilities: { add: UNKNOWN } })],
    ["seccomp", "the pod's", { securityContext: { seccompProfile: UNKNOWN }, ...containing({}) }],
    ["run-as-non-root", "the pod's", { securityContext: UNKNOWN, ...containing({}) }],
    ["run-as-non-root", "the user", containing({ runAsUser: UNKNOWN })],
    ["run-as-non-root", "the user namespace", { hostUsers: UNKNOWN, ...containing({}) }],
  ])("stop the remediation of %s: %s", (policy, _, spec) => {
    expect(written(policy, spec)).toEqual([]);
  });
});

describe("the other policies", () => {
  it("have no remediation", () => {
    expect(
      podSecurity.filter(({ remediate }) => remediate !== undefined).map(({ name }) => name),
    ).toEqual(
      ["privilege-escalation", "run-as-non-root", "seccomp", "capabilities"].map(
        (name) => `pod-security-restricted-${name}`,
      ),
    );
  });
});
