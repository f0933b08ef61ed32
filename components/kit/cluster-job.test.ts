import { describe, expect, it } from "vitest";
import { createClusterAccount, createClusterJob, workDigest } from "./cluster-job";
import { Component, type ComponentOptions } from "./component";
import { Namespace } from "./namespace";
import { inputsOf, named, register } from "./testing";

class Asks extends Component {
  constructor(name: string, options: ComponentOptions) {
    super("cluster:Preflight", name, {}, options);
    const namespace = new Namespace(
      this.child("namespace"),
      { namespace: "first", system: "runstack", podSecurity: "restricted" },
      { parent: this },
    );
    const place = { namespace, account: "asker", component: "questions" };
    const rules = [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }];
    createClusterJob(this.part(), place, {
      suffix: "job",
      name: "asks-1",
      container: { name: "asks", image: "example.org/asks:1" },
      retries: 2,
      deadline: 300,
      after: createClusterAccount(this.part(), place, rules),
    });
  }
}

const create = () => register((options) => new Asks("early", options));

describe("a Job that asks the API server", () => {
  it("runs as an account of its own, with these rights and no others", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "early-role")["rules"]).toEqual([
      { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
    ]);
    expect(inputsOf(resources, "early-binding")).toMatchObject({
      roleRef: { kind: "ClusterRole", name: "asker" },
      subjects: [{ kind: "ServiceAccount", name: "asker", namespace: "first" }],
    });
    expect(inputsOf(resources, "early-account")).toMatchObject({
      metadata: { name: "asker", namespace: "first" },
      automountServiceAccountToken: false,
    });
  });

  it("reports its own error, before the engine's time is up, and is tried again by the next up", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "early-job")).toMatchObject({
      metadata: { name: "asks-1", annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: { backoffLimit: 2, activeDeadlineSeconds: 300 },
    });
    expect(named(resources, "early-job").options.customTimeouts).toEqual({ create: "360s" });
    expect(named(resources, "early-job").dependsOn).toEqual(
      expect.arrayContaining(["early-account", "early-binding", "early-namespace-namespace"]),
    );
  });

  it("is named by its work", () => {
    expect(workDigest({ image: "a" })).toMatch(/^[0-9a-f]{10}$/u);
    expect(workDigest({ image: "a" })).not.toBe(workDigest({ image: "b" }));
  });
});
