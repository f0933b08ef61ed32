import { describe, expect, it } from "vitest";
import { UNKNOWN, UNKNOWN_OBJECT, evaluate, messages, type Fixture } from "../testing";
import { broken } from "../testing/fixtures";
import { unknownValues } from "../unknown-values";
import { deployment, keysOf, pod, version } from "../testing/restricted-pod";
import { podSecurity } from ".";

const PRIVILEGED = "pod-security-baseline-privileged";
const PREVIEW = "unknown until the update and will be checked then:";

/** A pod that breaks every control that a Linux pod can break. */
const unsafe = {
  metadata: {},
  spec: {
    hostPID: true,
    securityContext: {
      runAsUser: 0,
      sysctls: [{ name: "kernel.msgmax", value: "65536" }],
      appArmorProfile: { type: "Unconfined" },
      windowsOptions: { hostProcess: true },
    },
    containers: [
      {
        name: "api",
        ports: [{ containerPort: 9090, hostPort: 9090 }],
        livenessProbe: { tcpSocket: { port: 9090, host: "10.1.2.3" } },
        securityContext: {
          privileged: true,
          procMount: "Unmasked",
          capabilities: { add: ["SYS_TIME"] },
          seLinuxOptions: { role: "system_r" },
          seccompProfile: { type: "Unconfined" },
        },
      },
    ],
    volumes: [{ name: "node", hostPath: { path: "/" } }],
  },
};

describe("the standards", () => {
  it("accept a pod that sets everything they require", async () => {
    expect(await evaluate(podSecurity, [deployment(), pod()])).toEqual([]);
  });

  it("have a policy for each control, each of which finds its violation", async () => {
    const fixture: Fixture = { type: "kubernetes:core/v1:Pod", name: "unsafe", props: unsafe };
    const names = (await evaluate(podSecurity, [fixture])).map(({ policy }) => policy);
    expect([...new Set(names)].sort()).toEqual(podSecurity.map(({ name }) => name).sort());
    expect(podSecurity).toHaveLength(19);
  });

  it("are mandatory in production and advisory in staging", async () => {
    const levels = async (environment: "prod" | "staging"): Promise<readonly string[]> => {
      const fixture: Fixture = { type: "kubernetes:core/v1:Pod", name: "unsafe", props: unsafe };
      const found = await evaluate(podSecurity, [fixture], { policyContext: { environment } });
      return [...new Set(found.map(({ level }) => level))];
    };
    expect(await levels("prod")).toEqual(["mandatory"]);
    expect(await levels("staging")).toEqual(["advisory"]);
  });

  it("name the level, the control and its page, and how to exempt", () => {
    const about = podSecurity.map(({ name, clause, severity, remediation }) => {
      const [, level = ""] = name.split("-").slice(1);
      expect(clause.reference.toLowerCase()).toContain(`pod security standards, ${level}: `);
      expect(clause.url).toBe(
        `https://kubernetes.io/docs/concepts/security/pod-security-standards/#${level}`,
      );
      expect(remediation).toContain(
        `in a namespace labelled ${level === "baseline" ? "privileged" : "baseline"}, and exempt it`,
      );
      return `${level} ${severity}`;
    });
    expect([...new Set(about)].sort()).toEqual([
      "baseline critical",
      "baseline high",
      "restricted high",
    ]);
  });

  it.each<[string, (template: unknown) => unknown]>([
    ["kubernetes:core/v1:Pod", (template) => template],
    ["kubernetes:core/v1:PodTemplate", (template) => ({ template })],
    ["kubernetes:core/v1:ReplicationController", (template) => ({ spec: { template } })],
    ["kubernetes:apps/v1:Deployment", (template) => ({ spec: { template } })],
    ["kubernetes:apps/v1:ReplicaSet", (template) => ({ spec: { template } })],
    ["kubernetes:apps/v1:DaemonSet", (template) => ({ spec: { template } })],
    ["kubernetes:apps/v1beta2:StatefulSet", (template) => ({ spec: { template } })],
    ["kubernetes:extensions/v1beta1:DaemonSet", (template) => ({ spec: { template } })],
    ["kubernetes:batch/v1:Job", (template) => ({ spec: { template } })],
    [
      "kubernetes:batch/v1:CronJob",
      (template) => ({ spec: { jobTemplate: { spec: { template } } } }),
    ],
    ["kubernetes:argoproj.io/v1alpha1:Rollout", (template) => ({ spec: { template } })],
  ])("evaluate a %s", async (type, wrap) => {
    const fixture: Fixture = { type, name: "w", props: wrap(unsafe) as Fixture["props"] };
    const kind = type.slice(type.lastIndexOf(":") + 1);
    const reported = await messages("pod-security-baseline-host-namespaces", [fixture]);
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatch(new RegExp(`^${kind} "w": .*hostPID is true; it must be false`));
  });

  it("do not apply to a Rollout without a pod template", async () => {
    const fixture: Fixture = {
      type: "kubernetes:argoproj.io/v1alpha1:Rollout",
      name: "w",
      props: { spec: { workloadRef: { kind: "Deployment", name: "orders" } } },
    };
    expect(await evaluate(podSecurity, [fixture])).toEqual([]);
  });

  it("evaluate the known parts next to an unknown container", async () => {
    const hidden = broken(deployment(), keysOf("spec.template.spec.initContainers[0]"), UNKNOWN);
    const at = keysOf("spec.template.spec.containers[0].securityContext.privileged");
    const found = await evaluate(
      [...podSecurity.filter(({ name }) => name === PRIVILEGED), unknownValues],
      [broken(hidden, at, true)],
    );
    expect(found.map(({ message }) => message)).toEqual([
      'Deployment "shop/orders", container "api": spec.template.spec.containers[0].securityContext.privileged is true; it must be false or missing.',
      expect.stringContaining(PREVIEW) as string,
    ]);
  });

  it("count an unknown pod", async () => {
    const fixture = broken(deployment(), ["spec", "template"], UNKNOWN_OBJECT);
    const found = await evaluate([...podSecurity, unknownValues], [fixture]);
    expect(found).toEqual([
      expect.objectContaining({
        policy: "undecided",
        message: expect.stringMatching(new RegExp(`^19 values are ${PREVIEW}`)) as string,
      }),
    ]);
  });

  it("are those of the newest version if a later one is set", async () => {
    const fixture: Fixture = { type: "kubernetes:core/v1:Pod", name: "unsafe", props: unsafe };
    expect(await evaluate(podSecurity, [fixture], version(99))).toEqual(
      await evaluate(podSecurity, [fixture], version(37)),
    );
  });
});
