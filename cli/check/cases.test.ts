/** Small inputs for `check` as a whole: what must be said of them, and what must not. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { POLICIES } from "../../policies/catalog";
import { configurePack } from "../../policies/configuration";
import { PROD } from "../../policies/testing";
import type { CheckReport } from "../../reports/check";
import { placeText } from "../../reports/findings";
import { check } from "./checking";

type Texts = Readonly<Record<string, string>>;

function checked(files: Texts): CheckReport {
  const cwd = mkdtempSync(join(tmpdir(), "runstack-cases-"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  return check(["."], cwd, {
    policies: POLICIES,
    policyContext: PROD,
    configured: configurePack(POLICIES, PROD),
    stdin: () => new Uint8Array(),
    day: "2026-03-01",
  });
}

/** The findings of some policies: level, name, and place. */
const found = (report: CheckReport, ...names: readonly string[]): readonly string[] =>
  report.findings
    .filter(({ about }) => names.length === 0 || names.includes(about.name))
    .map(({ about, enforcement, place }) => `${enforcement} ${about.name} ${placeText(place)}`);

const only = (text: string, ...names: readonly string[]): readonly string[] =>
  found(checked({ "a.yaml": text }), ...names);

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

const CONTAINER = "{name: cart, image: registry.example.com/cart:2.4.1}";
const deployment = (container = CONTAINER): string =>
  lines(
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata: {name: cart, namespace: store}",
    "spec:",
    "  replicas: 3",
    "  selector: {matchLabels: {app: cart}}",
    "  template:",
    "    metadata: {labels: {app: cart}}",
    "    spec:",
    "      serviceAccountName: cart",
    `      containers: [${container}]`,
  );
const configMap = (...data: readonly string[]): string =>
  lines("apiVersion: v1", "kind: ConfigMap", "metadata: {name: c, namespace: store}", ...data);

describe("what is read", () => {
  it("judges an object whose brackets close at the key's column", () => {
    const container = `\n{\nname: cart,\nimage: "registry.example.com/cart:latest"\n}\n`;
    expect(only(deployment(container), "image-pinned")).toEqual([
      "mandatory image-pinned a.yaml:14:1",
    ]);
  });

  it("reads quoted text that goes on at the key's column, and several JSON objects", () => {
    const quoted = checked({ "a.yaml": configMap("data:", '  x: "one', '  two"') });
    expect([quoted.objects.length, quoted.errors]).toEqual([1, []]);
    const object = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"d"}}';
    const stream = checked({ "a.json": `${object}\n${object.replace('"c"', '"e"')}\n` });
    expect([stream.objects.length, stream.errors]).toEqual([2, []]);
  });

  it("is not green where an object lacks its apiVersion", () => {
    const { errors } = checked({
      "a.yaml": configMap(),
      "b.yaml": deployment().replace("apiVersion", "apiversion"),
    });
    expect(errors.map((one) => `${placeText(one)} ${one.message}`)).toEqual([
      'b.yaml:1:1 this is not a Kubernetes object: it has the key "apiversion"; write apiVersion',
    ]);
  });

  it("judges no patch and no transformer of a kustomization", () => {
    const report = checked({
      "kustomization.yaml":
        "resources: [web.yaml]\npatches: [{path: more.yaml}]\ntransformers: [team.yaml]",
      "web.yaml": deployment(),
      "more.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec: {replicas: 5}",
      "team.yaml": "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: t}",
    });
    expect(report.objects).toHaveLength(1);
    expect(report.findings.filter(({ place }) => place.file !== "web.yaml")).toEqual([]);
  });

  it("says once what three copies of the same objects have", () => {
    const all = lines(
      deployment(),
      "---",
      "apiVersion: v1",
      "kind: ServiceAccount",
      "metadata: {name: cart, namespace: store}",
      "---",
      "apiVersion: rbac.authorization.k8s.io/v1",
      "kind: Role",
      "metadata: {name: cart, namespace: store}",
      'rules: [{apiGroups: [""], resources: [secrets], verbs: [list]}]',
      "---",
      "apiVersion: rbac.authorization.k8s.io/v1",
      "kind: RoleBinding",
      "metadata: {name: cart, namespace: store}",
      "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cart}",
      "subjects: [{kind: ServiceAccount, name: cart, namespace: store}]",
    );
    const one = checked({ "a.yaml": all });
    const three = checked({ "a.yaml": all, "b.yaml": all, "c.yaml": all });
    expect(found(three)).toEqual(found(one));
    const reach = three.findings.filter(({ about }) => about.name === "rbac-workload-reach");
    expect(reach.map(({ message }) => message)).toEqual([
      'Deployment "store/cart": its ServiceAccount "cart" may read Secrets, through RoleBinding "store/cart"; bind a role that does not allow it. 2 copies of the object say the same: b.yaml:2:1, c.yaml:2:1.',
    ]);
  });

  it("leaves open what a tool fills in", () => {
    const text = deployment('{name: cart, image: "registry.example.com/cart:${TAG}"}')
      .replace("replicas: 3", "replicas: ${REPLICAS}")
      .replace("namespace: store", 'namespace: "${NAMESPACE}"');
    const report = checked({ "a.yaml": text });
    expect(found(report, "image-pinned", "workload-replicated", "namespace-not-default")).toEqual(
      [],
    );
    expect(report.undecided).toBeGreaterThan(2);
    expect(report.notes.map(({ message }) => message)).toEqual([
      expect.stringContaining("3 values not judged, because a tool fills them in later"),
    ]);
  });
});

describe("what is no fault", () => {
  it.each([
    [
      "the account of the default namespace, without its token",
      "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: default}\nautomountServiceAccountToken: false",
    ],
    [
      "names of Secrets in a configuration",
      configMap(
        "data:",
        "  a.yaml: |",
        "    credentialsSecret: store-login",
        "    secretName: tls",
      ),
    ],
    [
      "a JSON of names of Secrets",
      configMap("data:", `  credentials: '{"secretName":"s3","keyIdName":"AWS_KEY"}'`),
    ],
  ])("%s", (_, text) => {
    expect(only(text)).toEqual([]);
  });

  it("an image by a registered digest", () => {
    const digest = `registry.example.com/cart@sha512:${"0f".repeat(64)}`;
    expect(only(deployment(`{name: cart, image: "${digest}"}`), "image-pinned")).toEqual([]);
  });

  const rule = (...rules: readonly string[]): string =>
    lines(
      "apiVersion: monitoring.coreos.com/v1",
      "kind: PrometheusRule",
      "metadata: {name: r, namespace: store}",
      "spec: {groups: [{name: g, rules: [",
      ...rules,
      "]}]}",
    );

  it("a heartbeat without severity", () => {
    expect(only(rule("{alert: Alive, expr: vector(1), labels: {severity: none}}"))).toEqual([]);
  });

  it("two recording rules of different series, but for advice", () => {
    const series = (code: string): string =>
      `{record: "code:hits:rate1h", expr: 'sum by (code) (rate(hits_total{code=~"${code}"}[1h]))'},`;
    expect(only(rule(series("2.."), series("5..")))).toEqual([
      "advisory recording-rule-unique a.yaml:6:2",
    ]);
  });
});

describe("what is a fault", () => {
  it("a Secret in plain text in a file", () => {
    const text = lines(
      "apiVersion: v1",
      "kind: Secret",
      "metadata: {name: s, namespace: store}",
      "stringData: {password: k7Jd92mX}",
    );
    expect(only(text)).toEqual(["mandatory secret-not-in-file a.yaml:4:14"]);
  });

  it("a sidecar that serves without probes", () => {
    const text = deployment().replace(
      "      containers",
      `      initContainers: [{name: side, image: "registry.example.com/side:1.0.3", restartPolicy: Always, ports: [{containerPort: 8090}]}]\n      containers`,
    );
    const messages = checked({ "a.yaml": text }).findings.filter(
      ({ about, message }) => about.name === "container-probes" && message.includes('"side"'),
    );
    expect(messages).toHaveLength(2);
  });

  it("credentials by their form, and keys of accounts", () => {
    const value = "Zx8Qm2Lp5Rt7Vw3Yb6Nc9Kd4Hf";
    const text = configMap(
      "data:",
      `  a: hvs.${value}`,
      `  b: glsa_${value}ABCDEF_0a1b2c3d`,
      `  c: "AccountName=store;AccountKey=${value}${value}${value}=="`,
      "  d: 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",
      `  AZURE_BATCH_KEY: ${value}`,
      `  storageAccountKey: ${value}`,
    );
    expect(only(text)).toEqual(
      [5, 6, 7, 8, 9, 10].map((line) => `mandatory configmap-no-secrets a.yaml:${line}:3`),
    );
  });

  it("too few replicas of a topic, and nothing about those in sync", () => {
    const topic = lines(
      "apiVersion: kafka.strimzi.io/v1",
      "kind: KafkaTopic",
      "metadata: {name: t, namespace: store, labels: {strimzi.io/cluster: k}}",
      "spec: {replicas: 1, partitions: 6}",
    );
    expect(only(topic, "kafka-topic-replication")).toEqual([
      "mandatory kafka-topic-replication a.yaml:4:8",
    ]);
  });

  it("a pod template without labels, in words that say so", () => {
    const text = deployment().replace("    metadata: {labels: {app: cart}}\n", "");
    const [first] = checked({ "a.yaml": text }).findings.filter(
      ({ about }) => about.name === "workload-selector",
    );
    expect(first?.message).toBe(
      'Deployment "store/cart": spec.selector is {"matchLabels":{"app":"cart"}}; the pod template has no labels that it could select: set the same ones in spec.template.metadata.labels.',
    );
  });
});
