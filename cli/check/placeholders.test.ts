import { describe, expect, it } from "vitest";
import { Placeholder } from "../../policies/manifests/placeholder";
import { pathOf } from "../../policies/values";
import { isPlaceholder, mayHavePlaceholders, withPlaceholders } from "./placeholders";

const found = (object: Record<string, unknown>): readonly string[] =>
  withPlaceholders(object).placeholders.map(({ at, text }) => `${pathOf(at)} ${text}`);

describe("isPlaceholder", () => {
  it.each([
    "${TAG}",
    "shop:${TAG:-latest}",
    "${TAG:?missing}",
    "$REPLICAS",
    "$(params.image)",
    "{{ tag }}",
    "shop-{{ .Values.name }}",
    "<your-domain>",
    "<PASSWORD>",
    "@@TAG@@",
    "registry.<your domain>",
    "cleanup-<node-hostname>",
    "__HOST__",
    "shop.__DOMAIN__",
    "ko://example.com/shop/cmd/api",
    "shop:%%TAG%%",
    "<registry>/shop:1",
  ])("%s is one", (text) => {
    expect([isPlaceholder(text), mayHavePlaceholders(text)]).toEqual([true, true]);
  });

  it.each([
    "",
    "1.2.3",
    "a$b",
    "$lower",
    "US$5",
    "${",
    "$5",
    "{x}",
    "a < b",
    "<",
    "a@b",
    "<a|b>",
    "__meta_kubernetes",
    "(?<name>a)",
    "a <b>",
    "example/app:1",
    "placeholder",
    "/(?<name>v1)",
    "50%%",
    "a<b",
  ])("%s is none", (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});

describe("withPlaceholders", () => {
  it("finds those where a text cannot mean itself", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "${APP}", labels: { app: "${APP}" }, annotations: { note: "${APP}" } },
      spec: {
        replicas: "${REPLICAS}",
        template: {
          metadata: { annotations: { note: "$(X)" } },
          spec: {
            containers: [
              {
                image: "shop:${TAG}",
                command: ["sh", "-c", "echo ${HOME}"],
                args: ["--name=$(POD_NAME)"],
                env: [{ name: "URL", value: "http://$(HOST)" }],
                ports: [{ containerPort: "${PORT}" }],
              },
            ],
          },
        },
      },
    };
    expect(found(deployment)).toEqual([
      "metadata.name ${APP}",
      "metadata.labels.app ${APP}",
      "spec.replicas ${REPLICAS}",
      "spec.template.spec.containers[0].image shop:${TAG}",
      "spec.template.spec.containers[0].ports[0].containerPort ${PORT}",
    ]);
    const { object } = withPlaceholders(deployment);
    expect(object).toMatchObject({ spec: { replicas: new Placeholder("${REPLICAS}") } });
    expect(deployment.spec.replicas).toBe("${REPLICAS}");
  });

  it("finds those in paths, addresses and values that no container reads", () => {
    const ingress = { spec: { rules: [{ http: { paths: [{ path: "$(BASE)" }] } }] } };
    expect(found({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", ...ingress })).toEqual([
      "spec.rules[0].http.paths[0].path $(BASE)",
    ]);
    const webhook = { webhooks: [{ clientConfig: { url: "${URL}" } }] };
    const group = "admissionregistration.k8s.io/v1";
    expect(
      found({ apiVersion: group, kind: "ValidatingWebhookConfiguration", ...webhook }),
    ).toEqual(["webhooks[0].clientConfig.url ${URL}"]);
    const pod = { tolerations: [{ value: "%%POOL%%" }], containers: [{ workingDir: "<dir>" }] };
    expect(found({ apiVersion: "v1", kind: "Pod", spec: pod })).toEqual([
      "spec.tolerations[0].value %%POOL%%",
      "spec.containers[0].workingDir <dir>",
    ]);
  });

  it("leaves the data of ConfigMaps and Secrets, and rules", () => {
    const data = { "run.sh": "echo ${HOME}" };
    expect(found({ apiVersion: "v1", kind: "ConfigMap", data })).toEqual([]);
    expect(found({ apiVersion: "v1", kind: "Secret", stringData: data })).toEqual([]);
  });

  it("finds only names, images and numbers of replicas in custom kinds", () => {
    const task = {
      apiVersion: "tekton.dev/v1",
      kind: "Task",
      metadata: { name: "build", namespace: "$NAMESPACE" },
      spec: { steps: [{ image: "$(params.image)", script: "echo $(params.x)" }], url: "${URL}" },
    };
    expect(found(task)).toEqual([
      "metadata.namespace $NAMESPACE",
      "spec.steps[0].image $(params.image)",
    ]);
  });

  it("returns the very object if it has none", () => {
    const object = { apiVersion: "v1", kind: "Pod", spec: { a: [1, null, { b: true }] } };
    expect(withPlaceholders(object).object).toBe(object);
  });
});
