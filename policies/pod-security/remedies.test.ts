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

/** What a policy would write into a Deployment of this pod, as `path = value`. */
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

describe("what is written for privilege escalation", () => {
  const fix = (spec: Json, minor?: number) => written("privilege-escalation", spec, minor);
  const no = (index: number, kind = "containers"): string =>
    `${AT}.${kind}[${String(index)}].securityContext.allowPrivilegeEscalation = false`;

  it("is a no for each container that says nothing", () => {
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

  it("is nothing over somebody's word", () => {
    expect(fix(containing({ allowPrivilegeEscalation: true }))).toEqual([]);
  });

  it.each<[string, Json]>([
    ["is privileged", { privileged: true }],
    ["adds SYS_ADMIN", { capabilities: { add: ["CHOWN", "SYS_ADMIN"] } }],
    ["adds it by its kernel name", { capabilities: { add: ["CAP_SYS_ADMIN"] } }],
    ["adds what is no text", { capabilities: { add: [12] } }],
    ["adds what is no list", { capabilities: { add: "SYS_ADMIN" } }],
  ])("is nothing where the API server would refuse it: the container %s", (_, context) => {
    expect(fix(containing(context))).toEqual([]);
  });

  it.each<[string, Json]>([
    ["unprivileged", { privileged: false }],
    ["adding what goes with it", { capabilities: { add: ["SYS_ADMINISTRATOR"] } }],
    ["adding nothing", { capabilities: { add: [] } }],
  ])("does not stop at a container that is %s", (_, context) => {
    expect(fix(containing(context))).toEqual([no(0)]);
  });

  it("is nothing for Windows, nor where the system is not known", () => {
    expect(fix({ os: { name: "windows" }, ...containing({}) })).toEqual([]);
    expect(fix({ os: { name: "linux" }, ...containing({}) })).toEqual([no(0)]);
  });

  it("is nothing before the version that asks for it", () => {
    expect([fix(containing({}), 7), fix(containing({}), 8)]).toEqual([[], [no(0)]]);
  });
});

describe("what is written for capabilities", () => {
  const fix = (spec: Json, minor?: number) => written("capabilities", spec, minor);
  const all = `${AT}.containers[0].securityContext.capabilities.drop = ["ALL"]`;

  it.each<[string, Json | undefined]>([
    ["no security context", undefined],
    ["no capabilities", {}],
    ["an empty list", { capabilities: { drop: [] } }],
    ["only what may be added", { capabilities: { add: ["NET_BIND_SERVICE"] } }],
  ])("is ALL over %s", (_, context) => {
    expect(fix(containing(context))).toEqual([all]);
  });

  it.each<[string, Json]>([
    ["drops all", { capabilities: { drop: ["ALL"] } }],
    ["drops some by choice", { capabilities: { drop: ["NET_RAW"] } }],
    ["adds others", { capabilities: { add: ["NET_BIND_SERVICE", "CHOWN"] } }],
  ])("is nothing where a container %s", (_, context) => {
    expect(fix(containing(context))).toEqual([]);
  });

  it("is nothing before the version that asks for it", () => {
    expect([fix(containing({}), 21), fix(containing({}), 22)]).toEqual([[], [all]]);
  });
});

describe("what is written for seccomp", () => {
  const fix = (spec: Json, minor?: number) => written("seccomp", spec, minor);
  const set = `${AT}.securityContext.seccompProfile = {"type":"RuntimeDefault"}`;
  const own = { seccompProfile: { type: "Localhost" } };

  it("is the runtime's profile for the pod, where a container has none", () => {
    expect(fix(containing(own, {}))).toEqual([set]);
    expect(fix({ securityContext: { runAsUser: 31 }, ...containing(undefined) })).toEqual([set]);
  });

  it("is nothing where every container or the pod has one", () => {
    expect(fix(containing(own, own))).toEqual([]);
    expect(
      fix({ securityContext: { seccompProfile: { type: "Unconfined" } }, ...containing({}) }),
    ).toEqual([]);
    expect(fix({})).toEqual([]);
  });

  it("is nothing before the version that asks for it", () => {
    expect([fix(containing({}), 18), fix(containing({}), 19)]).toEqual([[], [set]]);
  });
});

describe("what is written against root", () => {
  const fix = (spec: Json, minor?: number) => written("run-as-non-root", spec, minor);
  const refused = `${AT}.securityContext.runAsNonRoot = true`;
  const podUser = (runAsUser: unknown): Json => ({ securityContext: { runAsUser } });

  it("is a refusal for the pod, where a container has none", () => {
    expect(fix(containing({ runAsNonRoot: true }, {}))).toEqual([refused]);
    expect(fix({ ...podUser(31), ...containing({ runAsUser: 37 }) })).toEqual([refused]);
  });

  it("is nothing where every container or the pod says something", () => {
    expect(fix(containing({ runAsNonRoot: true }, { runAsNonRoot: false }))).toEqual([]);
    expect(fix({ securityContext: { runAsNonRoot: false }, ...containing({}) })).toEqual([]);
  });

  it("is nothing where somebody chose root, or what is no user", () => {
    expect(fix({ ...podUser(0), ...containing({}) })).toEqual([]);
    expect(fix({ ...podUser("31"), ...containing({}) })).toEqual([]);
    expect(fix(containing({ runAsUser: 0 }))).toEqual([]);
    // This container answers for itself.
    expect(fix(containing({ runAsUser: 0, runAsNonRoot: false }, {}))).toEqual([refused]);
  });

  it("is nothing in a user namespace, where root may be, from the version on that says so", () => {
    const spec = { hostUsers: false, ...containing({}) };
    expect([fix(spec, 34), fix(spec, 35)]).toEqual([[refused], []]);
    expect(fix({ hostUsers: true, ...containing({}) })).toEqual([refused]);
    expect(fix({ hostUsers: "no", ...containing({}) })).toEqual([]);
  });

  it("is asked for in every version", () => {
    expect(fix(containing({}), 1)).toEqual([refused]);
  });
});

describe("what is not known yet", () => {
  const policies = ["privilege-escalation", "capabilities", "seccomp", "run-as-non-root"];
  const all = (spec: unknown): readonly string[] =>
    policies.flatMap((policy) => written(policy, spec as Json));

  it.each<[string, unknown]>([
    ["the pod", UNKNOWN],
    ["its system", { os: { name: UNKNOWN }, ...containing({}) }],
    ["its containers", { containers: UNKNOWN }],
    ["a container", { containers: [UNKNOWN] }],
    ["its security context", containing(UNKNOWN as never)],
  ])("stops every remedy: %s", (_, spec) => {
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
  ])("stops that of %s: %s", (policy, _, spec) => {
    expect(written(policy, spec)).toEqual([]);
  });
});

describe("the other policies", () => {
  it("leave it to people", () => {
    expect(
      podSecurity.filter(({ remediate }) => remediate !== undefined).map(({ name }) => name),
    ).toEqual(
      ["privilege-escalation", "run-as-non-root", "seccomp", "capabilities"].map(
        (name) => `pod-security-restricted-${name}`,
      ),
    );
  });
});
