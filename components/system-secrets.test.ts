import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { todoChatbot } from "../systems/todo-chatbot";
import { inputsOf, isSecret, refusal, register, valueOf } from "./testing";
import { checkSecrets, SystemSecrets, type SystemSecretsArguments } from "./system-secrets";

const create = (
  rotations: Record<string, string> = {},
  more: Pick<SystemSecretsArguments, "registryCredentials"> = {},
) =>
  register(
    (options) =>
      new SystemSecrets(
        "vault",
        {
          system: todoChatbot,
          namespace: "app",
          given: { DATABASE_URL: pulumi.secret("postgresql://db") },
          derived: {},
          rotations,
          ...more,
        },
        options,
      ),
  );

const GENERATED = "vault-todo-chatbot-secrets-better-auth-secret";

describe("a system's secrets", () => {
  it("TC-04: are one Secret with a given and a generated value", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual(["vault-todo-chatbot-secrets", GENERATED]);
    expect(inputsOf(resources, "vault-todo-chatbot-secrets")).toMatchObject({
      metadata: { name: "todo-chatbot-secrets", namespace: "app" },
      type: "Opaque",
      stringData: {
        $secret: { DATABASE_URL: "postgresql://db", BETTER_AUTH_SECRET: "generated-password" },
      },
    });
  });

  it("are generated anew when their rotation's text changes, and only then", async () => {
    const generated = { length: 64, special: false, keepers: { rotation: "1" } };
    expect(inputsOf((await create()).resources, GENERATED)).toEqual(generated);
    expect(inputsOf((await create({ DATABASE_URL: "9" })).resources, GENERATED)).toEqual(generated);
    expect(
      inputsOf((await create({ BETTER_AUTH_SECRET: "May" })).resources, GENERATED),
    ).toMatchObject({ keepers: { rotation: "May" } });
  });

  it("have a digest that follows their values, secret itself", async () => {
    const { result } = await create();
    const digests = result.secrets["todo-chatbot-secrets"]?.checksums ?? {};
    expect(Object.keys(digests)).toEqual(["DATABASE_URL", "BETTER_AUTH_SECRET"]);
    const digest = digests["DATABASE_URL"] ?? pulumi.output("");
    expect(await valueOf(digest)).toBe(
      createHash("sha256").update("postgresql://db").digest("hex"),
    );
    expect(await isSecret(digest)).toBe(true);
  });

  it("include the one that images are pulled with, if it is given", async () => {
    expect((await create()).result.pullSecrets).toEqual([]);
    const { result, resources } = await create({}, { registryCredentials: pulumi.secret("{}") });
    expect(result.pullSecrets).toEqual(["registry-credentials"]);
    expect(inputsOf(resources, "vault-registry")).toMatchObject({
      metadata: { name: "registry-credentials", namespace: "app" },
      type: "kubernetes.io/dockerconfigjson",
    });
  });

  it("are refused while a given one is missing", () => {
    expect(
      refusal(() => {
        checkSecrets("vault", { system: todoChatbot, given: {}, derived: {} });
      }),
    ).toBe(
      "SystemSecrets vault: todo-chatbot-secrets.DATABASE_URL is missing, but must be given as " +
        "secret configuration. Set runstack:secrets.DATABASE_URL, or correct the secret's source " +
        "in the system.",
    );
  });
});
