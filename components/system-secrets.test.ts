import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { todoChatbot } from "../systems/todo-chatbot";
import { inputsOf, isSecret, refusal, register, valueOf } from "./testing";
import { checkSecrets, SystemSecrets } from "./system-secrets";

const create = (rotations: Record<string, string> = {}) =>
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
    const digest = result.secrets["todo-chatbot-secrets"]?.checksum ?? pulumi.output("");
    const content = [
      ["BETTER_AUTH_SECRET", "generated-password"],
      ["DATABASE_URL", "postgresql://db"],
    ];
    expect(await valueOf(digest)).toBe(
      createHash("sha256").update(JSON.stringify(content)).digest("hex"),
    );
    expect(await isSecret(digest)).toBe(true);
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
