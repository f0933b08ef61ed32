import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Secret, System } from "../systems/model";
import { todoChatbot } from "../systems/todo-chatbot";
import type { KeptSecret, SecretStore } from "./secret-store/contract";
import { WAIT_UNTIL_WRITTEN } from "./secret-store/written";
import {
  inputsOf,
  isSecret,
  named,
  ofKind,
  refusal,
  register,
  UNKNOWN,
  valueOf,
} from "./kit/testing";
import { SystemSecrets, type SystemSecretsArguments } from "./system-secrets";
import { checkSecrets, remoteName } from "./system-secrets-check";

const create = (more: Partial<SystemSecretsArguments> = {}, preview = false) =>
  register(
    (options) =>
      new SystemSecrets(
        "vault",
        {
          system: todoChatbot,
          namespace: "app",
          given: { DATABASE_URL: pulumi.secret("postgresql://db") },
          derived: {},
          rotations: {},
          ...more,
        },
        options,
      ),
    { preview, cloud: { "kubernetes:external-secrets.io/v1:ExternalSecret": {} } },
  );

const GENERATED = "vault-todo-chatbot-secrets-better-auth-secret";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("a system's secrets", () => {
  it("TC-04: are one Secret with a configured and a generated value", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual(["vault-todo-chatbot-secrets", GENERATED]);
    expect(inputsOf(resources, "vault-todo-chatbot-secrets")).toMatchObject({
      kind: "Secret",
      metadata: { name: "todo-chatbot-secrets", namespace: "app" },
      type: "Opaque",
      stringData: {
        $secret: { DATABASE_URL: "postgresql://db", BETTER_AUTH_SECRET: "generated-password" },
      },
    });
  });

  it("are regenerated only when their rotation text changes", async () => {
    const generated = { length: 64, special: false, keepers: { rotation: "1" } };
    const after = async (rotations: Record<string, string>) =>
      inputsOf((await create({ rotations })).resources, GENERATED);
    expect(await after({})).toEqual(generated);
    expect(await after({ DATABASE_URL: "9" })).toEqual(generated);
    expect(await after({ BETTER_AUTH_SECRET: "May" })).toMatchObject({
      keepers: { rotation: "May" },
    });
  });

  it("have a secret digest that changes with their values", async () => {
    const { result } = await create();
    const digests = result.secrets["todo-chatbot-secrets"]?.checksums ?? {};
    expect(Object.keys(digests)).toEqual(["DATABASE_URL", "BETTER_AUTH_SECRET"]);
    const digest = digests["DATABASE_URL"] ?? pulumi.output("");
    expect(await valueOf(digest)).toBe(sha256("postgresql://db"));
    expect(await isSecret(digest)).toBe(true);
  });

  it("include the image pull secret, if it is configured", async () => {
    expect((await create()).result.pullSecrets).toEqual([]);
    const { result, resources } = await create({ registryCredentials: pulumi.secret("{}") });
    expect(result.pullSecrets).toEqual(["registry-credentials"]);
    expect(inputsOf(resources, "vault-registry")).toMatchObject({
      metadata: { name: "registry-credentials", namespace: "app" },
      type: "kubernetes.io/dockerconfigjson",
    });
  });
});

const clause = { clause: { ids: [], heading: "Secrets" } };
const secret: Secret = {
  ...clause,
  name: "shop-secrets",
  keys: [
    {
      ...clause,
      key: "URL",
      remote: "shop-url",
      source: { kind: "derived", from: "orders", part: "url" },
    },
    { ...clause, key: "DB_USER", source: { kind: "derived", from: "orders", part: "username" } },
    { ...clause, key: "MAIL_KEY", source: { kind: "given", what: "Key for mail" } },
  ],
};
const shop: System = { ...todoChatbot, id: "shop", secrets: [secret] };
const derived = {
  "orders.url": pulumi.output("postgresql://orders"),
  "orders.username": pulumi.output("orders-user"),
};

/** Records what it is asked to store; a version is the value's length. */
class Manager extends pulumi.ComponentResource implements SecretStore {
  readonly storeName = "the-store";
  readonly asked: [string, string, pulumi.Output<string> | undefined][] = [];
  readonly ready: readonly pulumi.Resource[] = [this];

  constructor(options: pulumi.ComponentResourceOptions) {
    super("runstack:test:Manager", "manager", {}, options);
  }

  keep(name: string, remote: string, value: pulumi.Output<string> | undefined): KeptSecret {
    this.asked.push([name, remote, value]);
    const key = pulumi.output(`shop/${remote}`);
    const version = value && pulumi.unsecret(value.apply(({ length }) => String(length)));
    return { remoteRef: { key, ...(version === undefined ? {} : { version }) }, ready: [this] };
  }
}

const withManager = (more: Partial<SystemSecretsArguments> = {}, preview = false) =>
  register(
    (options) => {
      const store = new Manager(options);
      const made = new SystemSecrets(
        "vault",
        {
          system: shop,
          namespace: "app",
          given: { MAIL_KEY: pulumi.output("mail") },
          derived,
          rotations: {},
          store,
          ...more,
        },
        options,
      );
      return { store, made };
    },
    { preview, cloud: { "kubernetes:external-secrets.io/v1:ExternalSecret": {} } },
  );

describe("secrets in a manager", () => {
  it("are read by External Secrets, each key in the exact version that was written", async () => {
    const { resources } = await withManager();
    expect(ofKind(resources, "Secret")).toEqual([]);
    const labels = {
      "app.kubernetes.io/part-of": "shop",
      "app.kubernetes.io/component": "secrets",
      "app.kubernetes.io/managed-by": "pulumi",
    };
    const { metadata, ...object } = inputsOf(resources, "vault-shop-secrets");
    expect(metadata).toMatchObject({ name: "shop-secrets", namespace: "app", labels });
    expect(object).toEqual({
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      spec: {
        refreshInterval: "5m",
        secretStoreRef: { kind: "SecretStore", name: "the-store" },
        target: {
          name: "shop-secrets",
          creationPolicy: "Owner",
          deletionPolicy: "Retain",
          template: { type: "Opaque", metadata: { labels } },
        },
        data: [
          { secretKey: "URL", remoteRef: { key: "shop/shop-url", version: "19" } },
          {
            secretKey: "DB_USER",
            remoteRef: { key: "shop/shop-secrets-db-user", version: "11" },
          },
          {
            secretKey: "MAIL_KEY",
            remoteRef: { key: "shop/shop-secrets-mail-key", version: "4" },
          },
        ],
      },
    });
  });

  it("are stored under the runbook's name, or the secret's and the key's, as secrets", async () => {
    const { result } = await withManager();
    expect(result.store.asked.map(([name, remote]) => [name, remote])).toEqual([
      ["vault-shop-secrets-url", "shop-url"],
      ["vault-shop-secrets-db-user", "shop-secrets-db-user"],
      ["vault-shop-secrets-mail-key", "shop-secrets-mail-key"],
    ]);
    for (const [, , value] of result.store.asked) {
      expect(await isSecret(value ?? expect.fail("no value"))).toBe(true);
    }
    const [first] = secret.keys;
    expect(remoteName("a.b", { ...(first ?? expect.fail()), key: "C_D", remote: "x" })).toBe("x");
  });

  it("hold workloads back until the Secret was written after the last change", async () => {
    const { resources } = await withManager();
    expect(inputsOf(resources, "vault-shop-secrets")).toMatchObject({
      metadata: { annotations: { "pulumi.com/waitFor": WAIT_UNTIL_WRITTEN } },
    });
  });

  it("wait for the store and for each value in it", async () => {
    const { resources, result } = await withManager();
    expect(named(resources, "vault-shop-secrets").dependsOn).toEqual(Array(4).fill("manager"));
    const { object } = result.made.secrets["shop-secrets"] ?? expect.fail("no secret");
    expect(pulumi.Resource.isInstance(object)).toBe(true);
  });

  it("are adopted if they already exist, without a version", async () => {
    const { resources, result } = await withManager({ adopt: true, given: {} });
    expect(result.store.asked[2]).toEqual([
      "vault-shop-secrets-mail-key",
      "shop-secrets-mail-key",
      undefined,
    ]);
    expect(JSON.stringify(inputsOf(resources, "vault-shop-secrets"))).toContain(
      '"remoteRef":{"key":"shop/shop-secrets-mail-key"}',
    );
    const digest = result.made.secrets["shop-secrets"]?.checksums["MAIL_KEY"];
    expect(await valueOf(digest ?? expect.fail("no digest"))).toBe(sha256("shop-secrets-mail-key"));
  });

  it("can be planned before a generated value is known", async () => {
    const { resources } = await withManager(
      { system: todoChatbot, given: { DATABASE_URL: pulumi.output("postgresql://db") } },
      true,
    );
    const { data } = inputsOf(resources, "vault-todo-chatbot-secrets")["spec"] as {
      data: { secretKey: string; remoteRef: { version: unknown } }[];
    };
    expect(data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.version])).toEqual([
      ["DATABASE_URL", "15"],
      ["BETTER_AUTH_SECRET", UNKNOWN],
    ]);
  });
});

describe("invalid secrets", () => {
  const check = (changes: Partial<Parameters<typeof checkSecrets>[1]>) =>
    refusal(() => {
      const given = { MAIL_KEY: pulumi.output("mail") };
      checkSecrets("vault", { system: shop, given, derived, ...changes });
    });
  const twice = {
    ...shop,
    secrets: [secret, { ...secret, name: "other", keys: secret.keys.slice(0, 1) }],
  };

  it.each<[string, Partial<Parameters<typeof checkSecrets>[1]>, string]>([
    [
      "a given one is missing",
      { given: {} },
      "shop-secrets.MAIL_KEY is missing, but must be set as secret configuration. Set runstack:secrets.MAIL_KEY, or correct the secret's source in the system.",
    ],
    [
      "no component makes a derived one",
      { derived: {} },
      "shop-secrets.URL is made from orders.url, but must be made by a component. Correct the secret's source in the system.",
    ],
    [
      "the service has no such part",
      { derived: { "orders.url": pulumi.output("x") } },
      "shop-secrets.DB_USER is made from orders.username, but must be made from one of orders.url. Correct the secret's source in the system.",
    ],
    [
      "there is no manager to take them from",
      { adopt: true },
      "adopt is true, but must be false without a secret manager. There is no secret manager to read from: set the secrets as configuration.",
    ],
    [
      "two keys have one name in the manager",
      { system: twice },
      'remote is "shop-url" twice, but must be different for each key. Give one of them a `remote` of its own in the system.',
    ],
  ])("while %s", (_, changes, expected) => {
    expect(check(changes)).toBe(`SystemSecrets vault: ${expected}`);
  });

  it("accepts missing values that already exist in the manager", () => {
    expect(check({ adopt: true, given: {}, store: {} })).toBe("");
  });
});
