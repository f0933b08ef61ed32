import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, refusal, register, UNKNOWN, valueOf } from "../../kit/testing";
import { AwsSecretStore, checkAwsSecrets, type AwsSecretStoreArguments } from "./secrets-manager";
import { CLOUD, operator } from "../../secret-store/testing";

const args: AwsSecretStoreArguments = {
  placement: {
    clusterName: pulumi.output("shop-prod"),
    region: "eu-west-3",
    encryptionKeyArn: pulumi.output("arn:aws:kms:key"),
    identityReady: [],
  },
  prefix: "shop-prod",
  namespace: "shop-ns",
  operator,
  production: true,
  protect: true,
};

const create = (changes: Partial<AwsSecretStoreArguments> = {}, preview = false) =>
  register(
    (options) => {
      const store = new AwsSecretStore("s", { ...args, ...changes }, options);
      return {
        store,
        written: store.keep("vault-url", "shop-url", pulumi.output("postgresql://db")),
        adopted: store.keep("vault-mail", "mail-key", undefined),
      };
    },
    { preview, cloud: CLOUD },
  );

describe("AwsSecretStore", () => {
  it("creates External Secrets, its role, a store, and the secrets", async () => {
    const { resources } = await create();
    const ours = resources.filter(({ name }) => !name.startsWith("s-operator-namespace"));
    expect(ours.map(({ name }) => name)).toEqual([
      "s-operator-release",
      "s-reader-association",
      "s-reader-policy",
      "s-reader-role",
      "s-store",
      "vault-url-secret",
      "vault-url-version",
    ]);
  });

  it("stores a value under the environment's prefix, with its key", async () => {
    const { resources, result } = await create();
    expect(inputsOf(resources, "vault-url-secret")).toEqual({
      name: "shop-prod/shop-url",
      region: "eu-west-3",
      kmsKeyId: "arn:aws:kms:key",
      recoveryWindowInDays: 30,
      tags: { "managed-by": "pulumi", "part-of": "shop" },
    });
    expect(inputsOf(resources, "vault-url-version")).toEqual({
      secretId: "vault-url-secret-id",
      region: "eu-west-3",
      secretString: { $secret: "postgresql://db" },
    });
    const { remoteRef, ready } = result.written;
    expect(await valueOf(remoteRef.key)).toBe("shop-prod/shop-url");
    expect(await valueOf(remoteRef.version ?? expect.fail("no version"))).toBe("uuid/1b2c");
    expect(ready).toHaveLength(1);
  });

  it("adopts existing secrets below the prefix, in their current version", async () => {
    const { result } = await create();
    expect(await valueOf(result.adopted.remoteRef.key)).toBe("shop-prod/mail-key");
    expect(result.adopted.remoteRef).not.toHaveProperty("version");
    expect(result.adopted.ready).toEqual([]);
  });

  it("is readable by the operator's own account, below the prefix only", async () => {
    const { resources } = await create();
    expect(JSON.parse(String(inputsOf(resources, "s-reader-policy")["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: ["arn:aws:secretsmanager:eu-west-3:*:secret:shop-prod/*"],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: ["arn:aws:kms:key"],
          Condition: {
            StringEquals: { "kms:ViaService": "secretsmanager.eu-west-3.amazonaws.com" },
          },
        },
      ],
    });
    expect(inputsOf(resources, "s-reader-association")).toMatchObject({
      namespace: "external-secrets",
      serviceAccount: "external-secrets",
    });
  });

  it("has a store that works before anything is read from it", async () => {
    const { resources, result } = await create();
    expect(inputsOf(resources, "s-store")).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      kind: "SecretStore",
      metadata: {
        name: "cloud-secrets",
        namespace: "shop-ns",
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
    });
    expect(inputsOf(resources, "s-store")["spec"]).toEqual({
      provider: { aws: { service: "SecretsManager", region: "eu-west-3" } },
    });
    expect(named(resources, "s-store").dependsOn).toEqual(["s-operator-release"]);
    expect([result.store.storeName, result.store.ready.length]).toEqual(["cloud-secrets", 1]);
  });

  it("can be read in another region too", async () => {
    const own = await create({ replica: { region: "eu-north-1" } });
    expect(inputsOf(own.resources, "vault-url-secret")["replicas"]).toEqual([
      { region: "eu-north-1" },
    ]);
  });

  it("can be planned before a version is known", async () => {
    const { resources, result } = await create({}, true);
    expect(ofKind(resources, "SecretVersion")).toHaveLength(1);
    const { version } = result.written.remoteRef;
    expect(await valueOf(version ?? expect.fail("no version"))).toBe(UNKNOWN);
  });
});

describe("a secret on Amazon", () => {
  it.each([
    [true, 30],
    [false, 0],
  ])(
    "a name stays reserved after its secret is deleted: production %s",
    async (production, days) => {
      const { resources } = await create({ production });
      expect(inputsOf(resources, "vault-url-secret")["recoveryWindowInDays"]).toBe(days);
    },
  );

  it.each([true, false])("a protected secret is deleted in two steps: %s", async (protect) => {
    const { resources } = await create({ protect });
    expect(named(resources, "vault-url-secret").options.protect).toBe(protect);
  });

  it("an account of the application cannot be impersonated: Pod Identity belongs to the pod", async () => {
    const { resources } = await create();
    expect(JSON.stringify(inputsOf(resources, "s-store")["spec"])).not.toContain("auth");
    expect(ofKind(resources, "Role").map(({ type }) => type)).toEqual(["aws:iam/role:Role"]);
  });

  it("credentials are read once, so the operator starts after its permissions exist", async () => {
    const { resources } = await create();
    expect(named(resources, "s-operator-release").dependsOn).toEqual(
      expect.arrayContaining(["s-reader-association", "s-reader-policy"]),
    );
  });
});

describe("secrets that Amazon would reject", () => {
  const keep = async (...remotes: string[]) => {
    const { result } = await register(
      (options) => {
        const store = new AwsSecretStore("s", args, options);
        return refusal(() => {
          remotes.forEach((remote) => store.keep(remote, remote, undefined));
        });
      },
      { cloud: CLOUD },
    );
    return result;
  };

  it("by name", async () => {
    expect(await keep("a b")).toBe(
      'AwsSecretStore s: remote is "a b", but must be 1 to 200 letters, digits and characters of /_+=.@-. Correct the secret\'s `remote` in the system.',
    );
    expect(await keep("url", "mail", "url")).toBe(
      'AwsSecretStore s: remote is "url" twice, but must be different for each key of a secret. Give one of them a `remote` of its own in the system.',
    );
  });

  it.each<[Partial<AwsSecretStoreArguments>, string]>([
    [
      { prefix: "shop/prod" },
      'prefix is "shop/prod", but must be 1 to 100 letters, digits, underscores and hyphens. Use the names of system and environment.',
    ],
    [
      { replica: { region: "eu-west-3" } },
      'replica.region is "eu-west-3", but must be a region other than the cluster\'s. Set the recovery region, or remove the replica.',
    ],
  ])("by argument: %o", (changes, expected) => {
    expect(
      refusal(() => {
        checkAwsSecrets("s", { ...args, ...changes });
      }),
    ).toBe(`AwsSecretStore s: ${expected}`);
  });
});
