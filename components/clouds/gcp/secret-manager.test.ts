import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, refusal, register, UNKNOWN, valueOf } from "../../kit/testing";
import {
  checkGoogleSecrets,
  GoogleSecretStore,
  type GoogleSecretStoreArguments,
} from "./secret-manager";
import { CLOUD, operator } from "../../secret-store/testing";

const args: GoogleSecretStoreArguments = {
  placement: { project: "shop-123", workloadPool: "shop-123.svc.id.goog", identityReady: [] },
  accountId: "shop-prod-secrets",
  locations: ["europe-west4", "europe-west1"],
  namespace: "shop-ns",
  operator,
  protect: true,
};

const create = (changes: Partial<GoogleSecretStoreArguments> = {}, preview = false) =>
  register(
    (options) => {
      const store = new GoogleSecretStore("s", { ...args, ...changes }, options);
      return {
        store,
        written: store.keep("vault-url", "aia-database-url", pulumi.output("postgresql://db")),
        adopted: store.keep("vault-mail", "mail-key", undefined),
      };
    },
    { preview, cloud: CLOUD },
  );

describe("GoogleSecretStore", () => {
  it("creates External Secrets, an account that reads, a store, and the secrets", async () => {
    const { resources } = await create();
    const ours = resources.filter(({ name }) => !name.startsWith("s-operator-namespace"));
    expect(ours.map(({ name }) => name)).toEqual([
      "s-operator-release",
      "s-reader-account",
      "s-reader-member",
      "s-service-account",
      "s-store",
      "s-token-binding",
      "s-token-role",
      "vault-mail-access",
      "vault-url-access",
      "vault-url-secret",
      "vault-url-version",
    ]);
  });

  it("AI-04: stores a value under the runbook's exact name, in the given regions", async () => {
    const { resources, result } = await create();
    expect(inputsOf(resources, "vault-url-secret")).toEqual({
      secretId: "aia-database-url",
      project: "shop-123",
      replication: {
        userManaged: { replicas: [{ location: "europe-west4" }, { location: "europe-west1" }] },
      },
      deletionProtection: true,
      labels: { "managed-by": "pulumi", "part-of": "shop" },
    });
    expect(inputsOf(resources, "vault-url-version")).toEqual({
      secret: "vault-url-secret-id",
      secretData: { $secret: "postgresql://db" },
      deletionPolicy: "DISABLE",
    });
    const { remoteRef, ready } = result.written;
    expect(await valueOf(remoteRef.key)).toBe("aia-database-url");
    expect(await valueOf(remoteRef.version ?? expect.fail("no version"))).toBe("17");
    expect(ready).toHaveLength(2);
  });

  it.each(["shop-prod-secrets", "shop-staging-secrets"])(
    "account names are unique in a project, so each environment has its own: %s",
    async (accountId) => {
      const { resources } = await create({ accountId });
      expect(inputsOf(resources, "s-reader-member")["member"]).toBe(
        `serviceAccount:shop-123.svc.id.goog[shop-ns/${accountId}]`,
      );
    },
  );

  it("separates environments of one project, and lets Google choose the location", async () => {
    const { resources, result } = await create({ prefix: "staging", locations: [] });
    expect(inputsOf(resources, "vault-url-secret")).toMatchObject({
      secretId: "staging-aia-database-url",
      replication: { auto: {} },
    });
    expect(await valueOf(result.adopted.remoteRef.key)).toBe("staging-mail-key");
  });

  it("lets the reader read each secret individually, including existing ones", async () => {
    const { resources, result } = await create();
    const access = {
      project: "shop-123",
      role: "roles/secretmanager.secretAccessor",
      member: "serviceAccount:reader@p.example.com",
    };
    expect(ofKind(resources, "SecretIamMember").map(({ inputs }) => inputs)).toEqual([
      { ...access, secretId: "mail-key" },
      { ...access, secretId: "aia-database-url" },
    ]);
    expect(result.adopted.remoteRef).not.toHaveProperty("version");
    expect(result.adopted.ready).toHaveLength(1);
  });

  it("reads as an account of the application's namespace, and as no other", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "s-service-account")).toMatchObject({
      metadata: {
        name: "shop-prod-secrets",
        namespace: "shop-ns",
        annotations: { "iam.gke.io/gcp-service-account": "reader@p.example.com" },
      },
      automountServiceAccountToken: false,
    });
    expect(inputsOf(resources, "s-token-role")["rules"]).toEqual([
      {
        apiGroups: [""],
        resources: ["serviceaccounts/token"],
        resourceNames: ["shop-prod-secrets"],
        verbs: ["create"],
      },
    ]);
    expect(inputsOf(resources, "s-token-binding")).toMatchObject({
      roleRef: { kind: "Role", name: "shop-prod-secrets" },
      subjects: [
        { kind: "ServiceAccount", name: "external-secrets", namespace: "external-secrets" },
      ],
    });
  });

  it("has a store that works before anything is read from it", async () => {
    const { resources, result } = await create();
    expect(inputsOf(resources, "s-store")).toMatchObject({
      kind: "SecretStore",
      metadata: { name: "cloud-secrets", annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    });
    expect(inputsOf(resources, "s-store")["spec"]).toEqual({
      provider: {
        gcpsm: {
          projectID: "shop-123",
          auth: { workloadIdentity: { serviceAccountRef: { name: "shop-prod-secrets" } } },
        },
      },
    });
    expect(named(resources, "s-store").dependsOn).toEqual([
      "s-operator-release",
      "s-reader-member",
      "s-service-account",
      "s-token-binding",
    ]);
    expect(result.store.ready).toHaveLength(1);
  });

  it("can be planned before a version is known", async () => {
    const { result } = await create({}, true);
    const { version } = result.written.remoteRef;
    expect(await valueOf(version ?? expect.fail("no version"))).toBe(UNKNOWN);
  });
});

describe("a secret on Google Cloud", () => {
  it("an old value is not destroyed, because pods may still use it", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "vault-url-version")["deletionPolicy"]).toBe("DISABLE");
  });

  it.each([true, false])("a protected secret is deleted in two steps: %s", async (protect) => {
    const { resources } = await create({ protect });
    const { inputs, options } = named(resources, "vault-url-secret");
    expect([inputs["deletionProtection"], options.protect]).toEqual([protect, protect]);
  });

  it("the operator may reach the metadata server", async () => {
    const { resources } = await create();
    const { spec } = inputsOf(resources, "s-operator-namespace-allow-platform") as {
      spec: { egress: unknown[] };
    };
    expect(spec.egress).toContainEqual({
      to: [{ ipBlock: { cidr: "169.254.169.254/32" } }],
      ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "TCP", port: 8080 },
      ],
    });
  });
});

describe("secrets that Google would reject", () => {
  it("by name", async () => {
    const { result } = await register(
      (options) => {
        const store = new GoogleSecretStore("s", { ...args, prefix: "p" }, options);
        return refusal(() => store.keep("x", "shop/url", undefined));
      },
      { cloud: CLOUD },
    );
    expect(result).toBe(
      'GoogleSecretStore s: remote is "p-shop/url", but must be 1 to 255 letters, digits, underscores and hyphens, with the prefix. Correct the secret\'s `remote` in the system.',
    );
  });

  it.each<[Partial<GoogleSecretStoreArguments>, string]>([
    [
      { prefix: "" },
      'prefix is "", but must be 1 to 100 letters, digits, underscores and hyphens. Use the names of system and environment, or leave it out.',
    ],
    [
      { locations: ["europe-west1", "EU"] },
      'locations is "EU", but must be Google Cloud regions, such as europe-west1. Set runstack:region.',
    ],
    [
      { locations: ["europe-west1", "europe-west1"] },
      'locations is "europe-west1 twice", but must be different regions. Remove one of them.',
    ],
  ])("by argument: %o", (changes, expected) => {
    expect(
      refusal(() => {
        checkGoogleSecrets("s", { ...args, ...changes });
      }),
    ).toBe(`GoogleSecretStore s: ${expected}`);
  });
});
