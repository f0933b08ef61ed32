import { describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import { inputsOf, named, register } from "../kit/testing";
import { Certificates, type Challenge } from "./certificates";

const create = (challenge?: Challenge) =>
  register(
    (options) =>
      new Certificates(
        "papers",
        {
          system: "farm",
          namespace: "app",
          edge: todoChatbot.edge,
          hosts: ["todo.example.org", "admin.example.org"],
          email: "people@example.org",
          gatewayName: "door",
          challenge,
        },
        options,
      ),
  );

describe("certificates", () => {
  it("are ordered from Let's Encrypt for each host and renew themselves a month early", async () => {
    const { result, resources } = await create();
    expect(resources.map(({ name, type }) => [name, type])).toEqual([
      ["papers-certificate", "kubernetes:cert-manager.io/v1:Certificate"],
      ["papers-certificate-1", "kubernetes:cert-manager.io/v1:Certificate"],
      ["papers-challenge", "kubernetes:networking.k8s.io/v1:NetworkPolicy"],
      ["papers-issuer", "kubernetes:cert-manager.io/v1:Issuer"],
    ]);
    expect(inputsOf(resources, "papers-certificate")["spec"]).toEqual({
      secretName: "todo-chatbot-tls",
      dnsNames: ["todo.example.org"],
      issuerRef: { group: "cert-manager.io", kind: "Issuer", name: "letsencrypt" },
      duration: "2160h",
      renewBefore: "720h",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth"],
      revisionHistoryLimit: 3,
    });
    expect(inputsOf(resources, "papers-certificate-1")["spec"]).toMatchObject({
      secretName: "todo-chatbot-tls-1",
      dnsNames: ["admin.example.org"],
    });
    expect(named(resources, "papers-certificate").dependsOn).toEqual(["papers-issuer"]);
    expect(result.secretName).toBe("todo-chatbot-tls");
  });

  it("are validated through the plain listener, with a Service that the quota allows", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "papers-issuer")["spec"]).toEqual({
      acme: {
        server: "https://acme-v02.api.letsencrypt.org/directory",
        email: "people@example.org",
        privateKeySecretRef: { name: "letsencrypt-account" },
        solvers: [
          {
            http01: {
              gatewayHTTPRoute: {
                serviceType: "ClusterIP",
                parentRefs: [
                  { kind: "Gateway", name: "door", namespace: "app", sectionName: "http" },
                ],
              },
            },
          },
        ],
      },
    });
  });

  it("are validated by records where the zone is ours: before the host leads here", async () => {
    const solver = { route53: { region: "south-3" } };
    const { resources } = await create({ solver, clusterWide: false });
    expect(inputsOf(resources, "papers-issuer")).toMatchObject({
      spec: { acme: { solvers: [{ dns01: { route53: { region: "south-3" } } }] } },
    });
    expect(resources.map(({ name }) => name)).not.toContain("papers-challenge");
  });

  it("come from a ClusterIssuer where the token must not be in the application's namespace", async () => {
    const solver = { digitalocean: { tokenSecretRef: { name: "a", key: "b" } } };
    const { resources } = await create({ solver, clusterWide: true });
    const { metadata, ...issuer } = inputsOf(resources, "papers-issuer");
    expect(issuer).toMatchObject({ kind: "ClusterIssuer" });
    expect(metadata).not.toHaveProperty("namespace");
    expect(inputsOf(resources, "papers-certificate")["spec"]).toMatchObject({
      issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
    });
  });

  it("allow only the gateway to reach the solver pod", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "papers-challenge")["spec"]).toEqual({
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: {
                matchLabels: { "kubernetes.io/metadata.name": "envoy-gateway-system" },
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 8089 }],
        },
      ],
    });
  });
});
