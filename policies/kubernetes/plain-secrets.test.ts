import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, secret, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const TOKEN = `ghp_${"a".repeat(36)}`;

describe("containers", () => {
  const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
  const fixture = (): Fixture =>
    broken(deployment(), CONTAINER, {
      name: "api",
      env: [
        { name: "LOG_LEVEL", value: "info" },
        { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "orders", key: "password" } } },
      ],
      command: ["serve", "--port=8110"],
      args: ["--token", "$(TOKEN)", "--password-file=/run/p"],
    } satisfies k8s.types.input.core.v1.Container);
  const says = (at: string, what: string): string =>
    `Deployment "shop/orders", container "api": spec.template.spec.containers[0].${at} holds ${what}; put it in a Secret and pass it with valueFrom.secretKeyRef or a volume.`;
  const byName = "a likely secret (by its name)";
  const ARGS = [...CONTAINER, "args"];

  testPolicy("container-no-secret-value", {
    happy: fixture,
    broken: [
      {
        at: [...CONTAINER, "env", 1],
        to: { name: "DB_PASSWORD", value: "x1" },
        says: says("env[1].value", byName),
      },
      {
        at: [...CONTAINER, "env", 0, "value"],
        to: TOKEN,
        says: says("env[0].value", "a GitHub token"),
      },
      {
        at: [...CONTAINER, "env", 1],
        to: { value: TOKEN },
        says: says("env[1].value", "a GitHub token"),
      },
      { at: [...CONTAINER, "env", 1], to: { name: "DB_PASSWORD", value: "" }, says: [] },
      { at: [...CONTAINER, "env", 1], to: { name: "DB_PASSWORD", value: UNKNOWN }, says: [] },
      {
        at: [...CONTAINER, "command"],
        to: ["serve", `x ${TOKEN}`],
        says: says("command[1]", "a GitHub token"),
      },
      { at: ARGS, to: ["--db-password=x1"], says: says("args[0]", byName) },
      { at: ARGS, to: ["-password=x1\n"], says: says("args[0]", byName) },
      { at: ARGS, to: ["--password", "x1", "y"], says: says("args[1]", byName) },
      { at: ARGS, to: ["--password", "--verbose"], says: [] },
      { at: ARGS, to: ["--password", "--user=app", "x1"], says: [] },
      { at: ARGS, to: ["--password=", "x1"], says: [] },
      { at: ARGS, to: ["password", "x1"], says: [] },
      { at: ARGS, to: [7], says: [] },
    ],
    unknown: [
      [...CONTAINER, "env"],
      [...CONTAINER, "env", 0],
      [...CONTAINER, "env", 0, "name"],
      [...CONTAINER, "env", 0, "value"],
      [...CONTAINER, "command"],
      ARGS,
    ],
  });

  it("does not accept a secret mark: the object contains the value anyway", async () => {
    const marked = broken(fixture(), [...CONTAINER, "env", 1], {
      name: "DB_PASSWORD",
      value: secret("x1"),
    });
    expect(await messages("container-no-secret-value", [marked])).toEqual([
      says("env[1].value", byName),
    ]);
  });
});

describe("ConfigMaps", () => {
  const configMap = (): Fixture => ({
    type: "kubernetes:core/v1:ConfigMap",
    name: "orders",
    props: {
      metadata: { name: "orders", namespace: "shop" },
      data: { "log-level": "info", "app.yaml": "db:\n  user: app\n  passwordFile: /run/p\n" },
    } satisfies k8s.types.input.core.v1.ConfigMap,
  });
  const says = (key: string, what: string): string =>
    `ConfigMap "shop/orders": data${key.includes(".") ? `["${key}"]` : `.${key}`} holds ${what}; put it in a Secret.`;
  const FILE: readonly Key[] = ["data", "app.yaml"];
  const byName = "a likely secret (by its name)";
  const setting = (key: string): string =>
    says("app.yaml", `"${key}", a likely secret (by its name)`);

  testPolicy("configmap-no-secrets", {
    happy: configMap,
    broken: [
      {
        at: ["data", "api-token"],
        to: "x1",
        says: says("api-token", "a likely secret (by its name)"),
      },
      { at: ["data", "log-level"], to: TOKEN, says: says("log-level", "a GitHub token") },
      {
        at: FILE,
        to: `db:\n  url: postgres://app:x1@db/orders\n`,
        says: says("app.yaml", "a URL with a password"),
      },
      { at: FILE, to: "db:\n  password: x1", says: setting("password") },
      { at: FILE, to: "# settings\nDB_PASSWORD=x1 # old", says: setting("DB_PASSWORD") },
      { at: FILE, to: "a=1\nexport API_KEY='x1'", says: setting("API_KEY") },
      { at: FILE, to: '{\n  "clientSecret": "x1",\n}', says: setting("clientSecret") },
      { at: FILE, to: "db:\n  password: ${DB_PASSWORD}", says: [] },
      { at: FILE, to: "db:\n  password:\n    from: x", says: [] },
      { at: FILE, to: "password: x1", says: [] },
      { at: FILE, to: "set -e\npassword=$(cat /run/p)", says: [] },
      { at: FILE, to: "set -e\npassword=`cat /run/p`", says: [] },
      { at: FILE, to: "a: 1\npassword: {{ .Password }}", says: [] },
      { at: FILE, to: "a: 1\npassword: <yours>", says: [] },
      { at: FILE, to: "the password\nis x1", says: [] },
      ...["null", "~", "none", "disabled", '"<yours>"', "{{ .Password }}"].map((value) => ({
        at: FILE,
        to: `db:\n  password: ${value}\n  x_token = ${value}`,
        says: [],
      })),
      {
        at: FILE,
        to: "db:\n  password: x1\nmq:\n  password: x2\n  apiKey: x3",
        says: [setting("password"), setting("apiKey")],
      },
      {
        at: FILE,
        to: "url: postgres://app:x1@db/orders\npassword: x1",
        says: [says("app.yaml", "a URL with a password"), setting("password")],
      },
      {
        at: FILE,
        to: '{"db":{"password":"x1","apiKey":null},"mq":[{"pass":7}]}',
        says: [setting("password"), setting("pass")],
      },
      {
        at: FILE,
        to: ' [{"name":"DB_PASSWORD","value":"x1"},{"name":"USER","value":"app"}]',
        says: setting("DB_PASSWORD"),
      },
      {
        // It names Secrets, and keys in them.
        at: ["data", "credentials"],
        to: '{"storageSecretName":"storage","s3":{"accessKeyIdName":"AWS_ACCESS_KEY_ID"}}',
        says: [],
      },
      {
        at: ["data", "credentials"],
        to: '{"storageSecretName":"storage","nameAnnotation":"example.com/name"}',
        says: [],
      },
      {
        at: ["data", "credentials"],
        to: '{"user":"app","value":"k7Jd92mXq0Pz4LwT8vRb"}',
        says: says("credentials", byName),
      },
      { at: ["data", "credentials"], to: "{}", says: [] },
      { at: FILE, to: "a: 1\ncredentials: |-\n  {}\ntoken: >\n  x", says: [] },
      { at: FILE, to: "import os\ncredential = DefaultCredential(os)", says: [] },
      { at: FILE, to: "tls:\n  credentialsSecret: creds\n  existingSecret: pg\n", says: [] },
      { at: FILE, to: '"password"', says: [] },
      { at: FILE, to: '{"password":"x1"', says: [] },
      { at: FILE, to: '{\n"password": "x1",\n', says: setting("password") },
      { at: ["data"], says: [] },
    ],
    unknown: [["data"], FILE],
  });
});

describe("annotations", () => {
  const KEY = "example.com/note";
  const says = (at: string): string =>
    `Deployment "shop/orders": ${at}.annotations["${KEY}"] holds a GitHub token; put it in a Secret.`;
  const annotate = (fixture: Fixture, value: unknown): Fixture =>
    broken(
      broken(fixture, ["metadata", "annotations"], {}),
      ["metadata", "annotations", KEY],
      value,
    );

  testPolicy("annotation-no-secrets", {
    happy: () => annotate(deployment(), "x1"),
    broken: [
      { at: ["metadata", "annotations", KEY], to: TOKEN, says: says("metadata") },
      { at: ["metadata", "annotations", KEY], to: UNKNOWN, says: [] },
      {
        at: ["spec", "template", "metadata", "annotations"],
        to: { [KEY]: TOKEN },
        says: says("spec.template.metadata"),
      },
    ],
    unknown: [],
  });

  it("applies only to Kubernetes objects", async () => {
    const other = { ...annotate(deployment(), TOKEN), type: "gcp:container/cluster:Cluster" };
    expect(await messages("annotation-no-secrets", [other])).toEqual([]);
  });
});

describe("well-known passwords", () => {
  const says = (who: string, at: string): string =>
    `${who}: ${at} holds a well-known password; use a random one.`;
  const object = (type: string, props: object): Fixture => ({
    type: `kubernetes:${type}`,
    name: "orders",
    props: { metadata: { name: "orders", namespace: "shop" }, ...props },
  });
  const reported = (type: string, props: object): Promise<readonly string[]> =>
    messages("no-default-credentials", [object(type, props)]);
  const base64 = (text: string): string => Buffer.from(text).toString("base64");

  testPolicy("no-default-credentials", {
    happy: () => ({
      type: "kubernetes:helm.sh/v3:Release",
      name: "metrics",
      props: {
        chart: "kube-prometheus-stack",
        values: { grafana: { enabled: true, adminPassword: "7hK2" } },
      },
    }),
    broken: [
      {
        at: ["values", "grafana", "adminPassword"],
        to: "prom-operator",
        says: says('Release "metrics"', "values.grafana.adminPassword"),
      },
      {
        at: ["values", "grafana", "adminPassword"],
        says: 'Release "metrics": values.grafana.adminPassword is missing; the chart\'s well-known default password applies: set adminPassword or admin.existingSecret.',
      },
      {
        at: ["values"],
        says: 'Release "metrics": values.grafana.adminPassword is missing; the chart\'s well-known default password applies: set adminPassword or admin.existingSecret.',
      },
      { at: ["values", "grafana"], to: { admin: { existingSecret: "grafana" } }, says: [] },
      { at: ["values", "grafana"], to: { enabled: false }, says: [] },
    ],
    unknown: [["values"], ["values", "grafana"]],
  });

  testPolicy("no-default-credentials", {
    happy: () => ({
      type: "kubernetes:helm.sh/v3:Release",
      name: "metrics",
      props: { chart: "kube-prometheus-stack", values: { grafana: { enabled: false } } },
    }),
    broken: [],
    unknown: [["values", "grafana", "enabled"]],
  });

  it("recognizes the chart by the end of its URL", async () => {
    const [chart] = ["oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack"];
    expect(await reported("helm.sh/v3:Release", { chart })).toHaveLength(1);
    expect(await reported("helm.sh/v3:Release", { chart: "grafana" })).toEqual([]);
    expect(await reported("helm.sh/v3:Release", { chart: UNKNOWN })).toEqual([]);
  });

  it("reads Secrets, ConfigMaps, workloads and Dapr components", async () => {
    const who = (kind: string): string => `${kind} "shop/orders"`;
    expect(await reported("core/v1:Secret", { data: { password: base64("guest") } })).toEqual([
      says(who("Secret"), "data.password"),
    ]);
    expect(await reported("core/v1:Secret", { data: { password: "guest" } })).toEqual([]);
    expect(await reported("core/v1:Secret", { stringData: secret({ password: "guest" }) })).toEqual(
      [says(who("Secret"), "stringData.password")],
    );
    expect(await reported("core/v1:ConfigMap", { data: { password: "minioadmin" } })).toEqual([
      says(who("ConfigMap"), "data.password"),
    ]);
    expect(await reported("core/v1:ConfigMap", { data: { password: base64("guest") } })).toEqual(
      [],
    );
    const env = [{ name: "POSTGRES_PASSWORD", value: "postgres" }];
    expect(await reported("core/v1:Pod", { spec: { containers: [{ env }] } })).toEqual([
      says(who("Pod"), "spec.containers[0].env[0].value"),
    ]);
    const metadata = [{ name: "redisPassword", value: "redis" }];
    expect(await reported("dapr.io/v1alpha1:Component", { spec: { metadata } })).toEqual([
      says(who("Component"), "spec.metadata[0].value"),
    ]);
  });
});
