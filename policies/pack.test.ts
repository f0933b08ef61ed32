/** The pack as the engine runs it: its own process, called over gRPC. */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstLine } from "../lib/first-line";
import { POLICIES } from "./catalog";
import { hpa } from "./testing/autoscalers";
import { LABELS, broken, deployment } from "./testing/fixtures";
import { PackProcess, type PolicySetting } from "./testing/pack-process";
import { UNKNOWN, secret, urnOf, type Fixture } from "./testing";

let pack: PackProcess;

beforeAll(async () => {
  pack = await PackProcess.start({
    "runstack:environment": "staging",
    "runstack:policyExemptions": '[{"policy":"image-pinned"}]',
  });
});

afterAll(async () => {
  await pack.stop();
});

const pod = (spec: Fixture["props"]): Fixture => ({
  type: "kubernetes:core/v1:Pod",
  name: "api",
  props: { spec },
});

/** Every policy disabled but these. */
const only = (...policies: readonly string[]): Readonly<Record<string, PolicySetting>> =>
  Object.fromEntries(
    POLICIES.map(({ name }) => [
      name,
      { level: policies.includes(name) ? "mandatory" : "disabled" },
    ]),
  );

describe("firstLine", () => {
  const lineOf = (program: string): Promise<string> =>
    firstLine(spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] }));

  it("waits for the whole line, in any number of chunks", async () => {
    const write = (text: string): string => `process.stdout.write(${JSON.stringify(text)})`;
    const late = `setTimeout(() => { ${write("57\nmore\n")}; }, 200)`;
    expect(await lineOf(`${write("401")}; ${late};`)).toBe("40157");
  });

  it("fails if the process ends first", async () => {
    await expect(lineOf("process.stdout.write('401'); process.exitCode = 7;")).rejects.toThrow(
      new Error("The process ended before it named its port: exit status 7."),
    );
  });
});

describe("the pack's process", () => {
  it("introduces itself with every policy but those about files, and its clause", async () => {
    const info = await pack.info();
    expect(info.getName()).toBe("runstack");
    expect(
      info
        .getPoliciesList()
        .map((policy) => [policy.getName(), policy.getFramework()?.getReference()]),
    ).toEqual(
      POLICIES.filter(({ needs }) => needs !== "file").map(({ name, clause }) => [
        name,
        clause.reference,
      ]),
    );
  });

  it("evaluates a resource by the stack's configuration", async () => {
    const fixture = pod({ hostNetwork: true, containers: [{ name: "api", image: "api:1" }] });
    const found = await pack.analyze(fixture);
    expect(
      found.filter(({ policy }) => policy === "pod-security-baseline-host-namespaces"),
    ).toEqual([
      {
        policy: "pod-security-baseline-host-namespaces",
        level: "advisory",
        urn: urnOf(fixture),
        message: 'Pod "api": spec.hostNetwork is true; it must be false or missing.',
      },
    ]);
    expect(found.filter(({ level }) => level === "mandatory")).toEqual([]);
  });

  it("takes a policy's configuration from the engine", async () => {
    await pack.configure({
      ...only(),
      "image-pinned": { level: "mandatory", properties: { digest: true } },
    });
    const fixture = pod({ containers: [{ name: "api", image: "api:1" }] });
    expect(await pack.analyze(fixture)).toEqual([
      {
        policy: "image-pinned",
        level: "mandatory",
        urn: urnOf(fixture),
        message:
          'Pod "api", container "api": spec.containers[0].image is "api:1"; it has no digest: use a version as the tag, or a digest.',
      },
    ]);
  });

  it("takes a list from the engine", async () => {
    const moving = ["stable", "weekly"];
    await pack.configure({
      ...only(),
      "image-pinned": { level: "mandatory", properties: { moving } },
    });
    const images = ["api:weekly", "api:latest"];
    const containers = images.map((image, index) => ({ name: `c${String(index)}`, image }));
    expect((await pack.analyze(pod({ containers }))).map(({ message }) => message)).toEqual([
      'Pod "api", container "c0": spec.containers[0].image is "api:weekly"; its tag is "weekly": use a version as the tag, or a digest.',
    ]);
  });

  it("applies a policy's fix if the engine asks for it", async () => {
    await pack.configure({
      ...only(),
      "pod-security-restricted-seccomp": { level: "remediate" },
    });
    const spec = { containers: [{ name: "api", env: [{ name: "KEY", value: secret("s") }] }] };
    expect(await pack.remediate(pod(spec))).toEqual([
      {
        policy: "pod-security-restricted-seccomp",
        properties: {
          spec: { ...spec, securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
        },
      },
    ]);
    expect(
      await pack.analyze(
        pod({ containers: [], securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
      ),
    ).toEqual([]);
  });

  it("evaluates the stack and its exemptions", async () => {
    await pack.configure(only("exemption-valid"));
    expect((await pack.analyzeStack([])).map(({ message }) => message)).toEqual([
      'runstack:policyExemptions[0] has no "resource"; every exemption needs policy, resource, reason, owner, expires.',
    ]);
  });
});

describe("in a first preview, where the cluster does not exist yet", () => {
  const cart = (): Fixture => {
    const labels = { "app.kubernetes.io/name": "cart" };
    const named = broken(deployment(), ["metadata", "name"], "cart");
    return { ...broken(named, ["spec", "template", "metadata", "labels"], labels), name: "cart" };
  };
  /**
   * Two Deployments, a budget for one of them, half of a deny-all policy, and a database without a
   * firewall.
   */
  const stack: readonly Fixture[] = [
    deployment(),
    cart(),
    {
      type: "kubernetes:policy/v1:PodDisruptionBudget",
      name: "orders-pdb",
      props: {
        metadata: { name: "orders-pdb", namespace: "shop" },
        spec: { selector: { matchLabels: LABELS }, maxUnavailable: 1 },
      },
    },
    {
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      name: "deny",
      props: {
        metadata: { name: "deny", namespace: "shop" },
        spec: { podSelector: {}, policyTypes: ["Egress"] },
      },
    },
    {
      type: "digitalocean:index/databaseCluster:DatabaseCluster",
      name: "db",
      props: { privateNetworkUuid: UNKNOWN },
    },
  ];
  const bare: readonly Fixture[] = stack.map((resource) => ({ ...resource, props: {} }));

  const analyse = async (shown: readonly Fixture[]): Promise<readonly string[]> => {
    for (const resource of stack) await pack.analyze(resource);
    return (await pack.analyzeStack(shown)).map(({ policy, message }) => `${policy}: ${message}`);
  };
  const verdicts = [
    'workload-disruption-budget: Deployment "shop/cart" has no PodDisruptionBudget; add a PodDisruptionBudget that selects its pods and allows one eviction.',
    'namespace-default-deny: Namespace "shop" has no NetworkPolicy that denies all ingress by default; add one with an empty podSelector, policyTypes ["Ingress"] and no rules.',
    'digitalocean-database-private: DatabaseCluster "db" has no DatabaseFirewall, so it accepts every source; add exactly one whose clusterId is its ID.',
  ];
  const stackPolicies = [
    "workload-disruption-budget",
    "namespace-default-deny",
    "digitalocean-database-private",
  ];

  it("reports the same for empty outputs as for full ones", async () => {
    const resourcePolicies = POLICIES.flatMap(({ name, check }) =>
      check.kind === "resource" ? [name] : [],
    );
    await pack.configure(only(...stackPolicies, ...resourcePolicies));
    expect(await analyse(stack)).toEqual(verdicts);
    expect(await analyse(bare)).toEqual(verdicts);
  });

  it("does so if every resource policy is disabled", async () => {
    await pack.configure(only(...stackPolicies));
    expect(await analyse(bare)).toEqual(verdicts);
  });

  it("evaluates resources that were not registered in this analysis by their outputs", async () => {
    await pack.configure(only(...stackPolicies));
    await analyse(bare);
    expect((await pack.analyzeStack(stack)).map(({ policy }) => policy)).toEqual(stackPolicies);
    expect((await pack.analyzeStack(bare)).map(({ message }) => message)).toEqual([
      'Namespace "default" has no NetworkPolicy that denies all egress by default; add one with an empty podSelector, policyTypes ["Egress"] and no rules.',
      'DatabaseCluster "db": privateNetworkUuid is missing; set it to the ID of the stack\'s Vpc.',
      'DatabaseCluster "db" has no DatabaseFirewall, so it accepts every source; add exactly one whose clusterId is its ID.',
    ]);
  });
});

describe("in a later run, where outputs hold the server's defaults", () => {
  const scaled = broken(deployment(), ["spec", "replicas"]);
  /** The cloud puts it into its default network, which shows in the outputs. */
  const database: Fixture = {
    type: "digitalocean:index/databaseCluster:DatabaseCluster",
    name: "db",
    props: {},
  };

  it("neither blames the program for them nor treats them as inputs", async () => {
    await pack.configure(only("autoscaled-replicas", "digitalocean-database-private"));
    for (const resource of [scaled, hpa(), database]) await pack.analyze(resource);
    const found = await pack.analyzeStack([
      broken(scaled, ["spec", "replicas"], 1),
      hpa(),
      { ...database, props: { privateNetworkUuid: "4f1c" } },
    ]);
    expect(found.map(({ message }) => message)).toEqual([
      'DatabaseCluster "db": privateNetworkUuid is missing; set it to the ID of the stack\'s Vpc.',
      'DatabaseCluster "db" has no DatabaseFirewall, so it accepts every source; add exactly one whose clusterId is its ID.',
    ]);
  });
});
