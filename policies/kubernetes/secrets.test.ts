import { describe, expect, it } from "vitest";
import { broken, deployment } from "../testing/fixtures";
import { UNKNOWN, messages, secret, type Fixture } from "../testing";
import type { Key } from "../values";

const POLICY = "secret-not-plain";
const ENV: readonly Key[] = ["spec", "template", "spec", "containers", 0, "env"];
const AT = "spec.template.spec.containers[0].env[0].value";
const WRAP =
  "in plain text; wrap it in pulumi.secret, or read it from the stack with requireSecret.";

const withEnv = (name: string, value: unknown): Fixture =>
  broken(deployment(), ENV, [{ name, value }]);

const kubernetesSecret = (stringData: unknown): Fixture => ({
  type: "kubernetes:core/v1:Secret",
  name: "login",
  props: { metadata: { name: "login", namespace: "shop" }, stringData },
});

describe("secret-not-plain", () => {
  it("finds nothing in a workload without secrets", async () => {
    expect(await messages(POLICY, [deployment()])).toEqual([]);
  });

  it("names the environment variable's value, never the value itself", async () => {
    expect(await messages(POLICY, [withEnv("DB_PASSWORD", "hunter2")])).toEqual([
      `Deployment "shop/orders": ${AT} holds a likely secret (by its name) ${WRAP}`,
    ]);
  });

  it("accepts a value that is marked as secret, itself or as part of another", async () => {
    expect(await messages(POLICY, [withEnv("DB_PASSWORD", secret("hunter2"))])).toEqual([]);
    const marked = broken(deployment(), ENV, secret([{ name: "DB_PASSWORD", value: "hunter2" }]));
    expect(await messages(POLICY, [marked])).toEqual([]);
  });

  it("does not report an unknown value, marked or not", async () => {
    expect(await messages(POLICY, [withEnv("DB_PASSWORD", UNKNOWN)])).toEqual([]);
    expect(await messages(POLICY, [withEnv("DB_PASSWORD", secret(UNKNOWN))])).toEqual([]);
  });

  it("requires the data of a Secret to be marked", async () => {
    expect(await messages(POLICY, [kubernetesSecret({ user: "app", "tls.key": UNKNOWN })])).toEqual(
      [`Secret "shop/login": stringData.user holds a key of a Secret ${WRAP}`],
    );
    expect(await messages(POLICY, [kubernetesSecret(secret({ user: "app" }))])).toEqual([]);
    expect(await messages(POLICY, [kubernetesSecret({ user: secret("app") })])).toEqual([]);
    expect(await messages(POLICY, [kubernetesSecret(undefined)])).toEqual([]);
  });

  it("checks the inputs of every type", async () => {
    const cluster: Fixture = {
      type: "aws:rds/cluster:Cluster",
      name: "orders",
      props: { masterUsername: "app", masterPassword: "hunter2" },
    };
    expect(await messages(POLICY, [cluster])).toEqual([
      `Cluster "orders": masterPassword holds a likely secret (by its name) ${WRAP}`,
    ]);
  });

  it("treats secretKey as a name only in Kubernetes objects", async () => {
    const props = { spec: { data: [{ secretKey: "url" }] } };
    const type = "kubernetes:external-secrets.io/v1:ExternalSecret";
    expect(await messages(POLICY, [{ type, name: "e", props }])).toEqual([]);
    expect(await messages(POLICY, [{ type: "pulumi:providers:aws", name: "p", props }])).toEqual([
      `aws "p": spec.data[0].secretKey holds a likely secret (by its name) ${WRAP}`,
    ]);
  });
});
