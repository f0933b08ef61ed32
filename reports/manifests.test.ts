import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import type { PlanObject } from "../offline/plan";
import { HOSTILE, known, resource, RESOURCES } from "./fixtures/plan";
import { manifestIndex, manifests } from "./manifests";

const one = (type: string, inputs: PlanObject, name = "x"): ReturnType<typeof manifests> =>
  manifests([resource({ type, name, inputs })]);
const secret = (inputs: PlanObject): ReturnType<typeof manifests> =>
  one("kubernetes:core/v1:Secret", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    ...inputs,
  });

describe("manifests", () => {
  it("writes known objects in apply order and gives the reason for missing ones", () => {
    const { files, skipped } = manifests(RESOURCES);
    expect(files.map(({ name }) => name)).toEqual([
      "01-namespace-todo-chatbot.yaml",
      "02-secret-todo-chatbot-todo-chatbot-secrets.yaml",
      "03-deployment-todo-chatbot-todo-chatbot-backend.yaml",
      "04-prometheusrule-todo-chatbot-todo-chatbot-alerts.yaml",
      "05-configmap-monitoring-todo-chatbot-dashboard.yaml",
    ]);
    expect(skipped).toEqual([
      {
        urn: known.dapr.urn,
        reason: "a Helm release: Helm renders its objects during installation",
      },
      {
        urn: known.component.urn,
        reason:
          "spec.metadata[0].value is unknown until the cloud has created the resource it comes from",
      },
    ]);
  });

  it("puts version, kind and metadata first", () => {
    const inputs = {
      spec: { b: 1, a: 2 },
      metadata: { name: "job" },
      kind: "Job",
      apiVersion: "batch/v1",
    };
    expect(one("kubernetes:batch/v1:Job", inputs).files[0]?.text).toBe(
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: job\nspec:\n  b: 1\n  a: 2\n",
    );
  });

  it("keeps a Secret's keys and none of its values, whether secret, unknown or plain", () => {
    const { files } = secret({
      stringData: { A: { $secret: true }, B: { $unknown: true }, C: "plain" },
      data: { D: "c2VjcmV0" },
    });
    expect(files[0]?.text).toBe(
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n" +
        "stringData:\n  A: <redacted>\n  B: <redacted>\n  C: <redacted>\n  D: <redacted>\n",
    );
  });

  it("adds a comment if a Secret's keys are secret too", () => {
    expect(secret({ data: { $secret: true } }).files[0]?.text).toBe(
      "# data is hidden as a whole: neither its keys nor its values are in the plan.\n" +
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData: {}\n",
    );
  });

  it.each([
    ["basic-auth", { username: "<redacted>", password: "<redacted>" }],
    ["dockercfg", { ".dockercfg": '{"<redacted>":true}' }],
    ["dockerconfigjson", { ".dockerconfigjson": '{"<redacted>":true}' }],
    ["ssh-auth", { "ssh-privatekey": "<redacted>" }],
    ["tls", { "tls.crt": "<redacted>", "tls.key": "<redacted>" }],
  ])("fills the keys that the API server requires of a Secret for %s", (name, stringData) => {
    const type = `kubernetes.io/${name}`;
    const [file] = secret({ stringData: { $unknown: true }, type }).files;
    expect(file?.text.split("\n", 2)).toEqual([
      "# stringData is hidden as a whole: neither its keys nor its values are in the plan.",
      `# The type of the Secret requires ${Object.keys(stringData).join(" and ")}.`,
    ]);
    expect(parse(file?.text ?? "")).toMatchObject({ type, stringData });
    const [own] = secret({ data: { [Object.keys(stringData)[0] ?? ""]: "cGxhaW4=" }, type }).files;
    expect(parse(own?.text ?? "")).toMatchObject({ stringData });
    expect(own?.text).not.toMatch(/^#|cGxhaW4/u);
  });

  it("writes nothing for an object that is only read", () => {
    const read = { type: "kubernetes:core/v1:Secret", name: "authority", external: true } as const;
    const { files, skipped } = manifests([resource({ ...read, inputs: {} })]);
    expect(files).toEqual([]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      "is only read, not created, by this program",
    ]);
  });

  it("redacts secrets in other objects", () => {
    const inputs = { metadata: { name: "c" }, data: { token: { $secret: true }, plain: "yes" } };
    expect(one("kubernetes:core/v1:ConfigMap", inputs).files[0]?.text).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  token: <redacted>\n  plain: "yes"\n',
    );
  });

  it("gives an unnamed object the prefix that the provider would use", () => {
    const { files } = one("kubernetes:batch/v1:Job", { spec: {} }, "migrate");
    expect(files[0]?.name).toBe("01-job-migrate.yaml");
    expect(parse(files[0]?.text ?? "")).toEqual({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { generateName: "migrate-" },
      spec: {},
    });
  });

  it.each([
    [
      { metadata: { $unknown: true } },
      "metadata is unknown until the cloud has created the resource it comes from",
    ],
    [
      { data: { $unknown: true } },
      "data is unknown until the cloud has created the resource it comes from",
    ],
    [
      { data: { a: { $asset: "x" } } },
      "data.a is a Pulumi asset, which Kubernetes cannot represent",
    ],
  ])("skips %j", (inputs, reason) => {
    const { files, skipped } = one("kubernetes:core/v1:ConfigMap", inputs);
    expect(files).toEqual([]);
    expect(skipped.map((skip) => skip.reason)).toEqual([reason]);
  });

  const pods = (annotations: PlanObject, spec: PlanObject = {}): ReturnType<typeof manifests> =>
    one("kubernetes:apps/v1:Deployment", {
      metadata: { name: "d", annotations: { url: { $unknown: true } } },
      spec: { template: { metadata: { annotations } }, ...spec },
    });

  it("writes an object with only unknown or secret annotations, with placeholders", () => {
    const { files, skipped } = pods({ "checksum/a": { $unknown: true }, b: { $secret: true } });
    expect(skipped).toEqual([]);
    expect(files[0]?.placeholders).toBe(2);
    expect(parse(files[0]?.text ?? "")).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", annotations: { url: "<known after up>" } },
      spec: {
        template: {
          metadata: { annotations: { "checksum/a": "<known after up>", b: "<redacted>" } },
        },
      },
    });
  });

  it("skips an object with other unknown values", () => {
    const { files, skipped } = pods({ a: { $unknown: true } }, { replicas: { $unknown: true } });
    expect(files).toEqual([]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      "spec.replicas is unknown until the cloud has created the resource it comes from",
    ]);
  });

  it("leaves out components, providers and resources of other clouds", () => {
    const none = manifests([
      resource({ type: "kubernetes:yaml:ConfigFile", name: "a", custom: false }),
      resource({ type: "pulumi:providers:kubernetes", name: "b" }),
      known.vpc,
    ]);
    expect(none).toEqual({ files: [], skipped: [] });
  });

  it("lets hostile names change neither the folder nor the document's structure", () => {
    const metadata = { name: HOSTILE, namespace: "../.." };
    const { files } = one("kubernetes:core/v1:ConfigMap", {
      metadata,
      data: { [HOSTILE]: HOSTILE },
    });
    expect(files[0]?.name).toMatch(/^01-configmap-unnamed-evil-head-[a-z0-9.-]+\.yaml$/);
    expect(files[0]?.text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(parse(files[0]?.text ?? "")).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { [HOSTILE]: HOSTILE },
    });
  });

  it("numbers more than 99 files so that they still sort", () => {
    const many = Array.from({ length: 100 }, (_, n) =>
      resource({ type: "kubernetes:core/v1:ConfigMap", name: `c${n}` }),
    );
    expect(manifests(many).files[7]?.name).toBe("008-configmap-c7.yaml");
  });
});

describe("manifestIndex", () => {
  it("lists the manifests, and missing ones with the reason", () => {
    const text = manifestIndex({
      files: [
        { name: "01-job-a.yaml", text: "", placeholders: 0 },
        { name: "02-job-b.yaml", text: "", placeholders: 2 },
      ],
      skipped: [{ urn: "urn:\n", reason: "because" }],
    });
    expect(text).toBe(
      "2 objects, in the order of application; secrets are redacted.\n  01-job-a.yaml\n" +
        "  02-job-b.yaml (2 annotations known only after an up, shown as <known after up>)\n\n" +
        "1 without a manifest:\n  urn:\\n\n    because\n",
    );
  });
});
