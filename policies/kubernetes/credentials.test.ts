import { describe, expect, it } from "vitest";
import { isDefaultCredential, namedTexts, shapeOf, suspicion } from "./credentials";
import { Value } from "../values";

describe("suspicion", () => {
  it.each([
    ["password", "x"],
    ["dbPassword", "x"],
    ["REDIS_PASSWORD", "x"],
    ["auth-token", "x"],
    ["API_KEY", "x"],
    ["apiKey", "x"],
    ["AWS_SECRET_ACCESS_KEY", "x"],
    ["clientSecret", "x"],
    ["BETTER_AUTH_SECRET", "x"],
    ["connectionString", "x"],
  ])("%s is a secret by its name", (name, text) => {
    expect(suspicion(name, text)).toBe("a likely secret (by its name)");
  });

  it.each([
    ["credentialsSecret", "k7Jd92mXq0Pz4LwT8vRb"],
    ["clientSecret", "orders-client"],
    ["AZURE_BATCH_KEY", "k7Jd92mXq0Pz4LwT8vRb"],
    ["storageAccountKey", "k7Jd92mXq0Pz4LwT8vRb"],
    ["service-account-key", "aB3dE6gH9jK2mN5pQ8sT"],
  ])("%s = %s is a secret by its name and value", (name, text) => {
    expect(suspicion(name, text)).toBe("a likely secret (by its name)");
  });

  it.each([
    ["url", "postgres://app:hunter2@db.example.com/orders", "a URL with a password"],
    ["file", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ", "a private key"],
    ["kubeconfig", "user:\n  token: 9a8b7c6d5e4f3a2b1c", "a kubeconfig with a credential"],
  ])("%s is one by its format", (name, text, what) => {
    expect(suspicion(name, text)).toBe(what);
  });

  it.each([
    ["password", ""],
    ["secretName", "orders-tls"],
    ["existingSecret", "orders"],
    ["imagePullSecret", "registry"],
    ["secret", "orders"],
    ["tlsSecret", "orders-tls"],
    ["passwordSecretRef", "orders"],
    ["checksum/secret", "d2a84f4b"],
    ["tokenPath", "var/run"],
    ["GOOGLE_APPLICATION_CREDENTIALS", "/var/run/google/key.json"],
    ["PASSWORD", "$(DB_PASSWORD)"],
    ["password", "{{ .Values.password }}"],
    ["url", "postgres://app:$(DB_PASSWORD)@db/orders"],
    ["url", "https://example.com:8443/a@b"],
    ["kubeconfig", "user:\n  exec:\n    command: doctl"],
    ["publicKey", "AAAA"],
    ["tokenizer", "cl100k"],
    ["credentialsSecret", "jaeger-creds"],
    ["passwordSecret", "orders.db"],
    ["backupSecrets", "orders-backup"],
    ["AZURE_BATCH_KEY", "batch-account-key-1"],
    ["storageAccountKey", "orders"],
    ["partitionKey", "k7Jd92mXq0Pz4LwT8vRb"],
    ["sort-key", "k7Jd92mXq0Pz4LwT8vRb"],
    ["cacheKey", "OrdersByCustomerV2Cache10"],
  ])("%s = %s is not one", (name, text) => {
    expect(suspicion(name, text)).toBeUndefined();
  });
});

describe("a tag with which a program reads the value itself", () => {
  it.each(["!env_var SONARR_API_KEY", "!env SMTP", "!secret mail_password", "!vault smtp/main"])(
    "%s is no secret",
    (text) => {
      expect(suspicion("api_key", text)).toBeUndefined();
    },
  );

  it("is not any word after an exclamation mark", () => {
    expect(suspicion("api_key", "!environment7")).toBe("a likely secret (by its name)");
  });
});

describe("names with the value hunter2x", () => {
  it.each([
    "PGPASSWORD",
    "DB_PASS",
    "pass",
    "smtpPass",
    "RABBITMQ_DEFAULT_PASS",
    "MYSQL_PWD",
    "pwd",
    "dbpwd",
    "HTTP_PASSWD",
    "passwd",
    "ROOT_PASSPHRASE",
    "SECRET_KEY_BASE",
    "secretKeyBase",
    "ENCRYPTION_KEY",
    "encryptionKey",
    "N8N_ENCRYPTION_KEY",
    "MASTER_KEY",
    "MEILI_MASTER_KEY",
    "SESSION_KEY",
    "SIGNING_KEY",
    "SHARED_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
    "access-key",
    "apikey",
    "REDISCLI_AUTH",
    "JWT_SECRET",
    "GITHUB_TOKEN",
    "LDAP_CREDENTIAL",
    "azureConnectionString",
  ])("%s contains a secret", (name) => {
    expect(suspicion(name, "hunter2x")).toBe("a likely secret (by its name)");
  });

  it.each([
    "PASS_THROUGH",
    "COMPASS",
    "COMPASS_URL",
    "BYPASS",
    "proxy_pass",
    "PASSENGER_APP_ENV",
    "KEY_PREFIX",
    "PUBLIC_KEY",
    "PARTITION_KEY",
    "DB_PASSWORD_FILE",
    "DB_PASS_FILE",
    "ENCRYPTION_KEY_PATH",
    "SESSION_KEY_NAME",
    "PASSWORD_RESET_URL",
    "PASSWORD_MIN_LENGTH",
    "SECRET_KEY_BASE_DUMMY",
    "TOKEN_TTL",
    "MAX_TOKENS",
    "MASTER_KEYSPACE",
    "kmsMasterKeyId",
    "CLI_AUTH_URL",
    "AUTH",
    "OAUTH_CLIENT_ID",
    "PWD_HISTORY",
  ])("%s contains none", (name) => {
    expect(suspicion(name, "hunter2x")).toBeUndefined();
  });
});

describe("values of names that indicate a secret", () => {
  it.each([
    ["JWT_SECRET", "/9j4AAQSkZJRg"],
    ["DB_PASSWORD", "/run/x"],
    ["API_KEY", "/9j4AAQ+SkZ=="],
    ["API_KEY", "/9j4//AAQ"],
    ["API_KEY", "nullable"],
    ["API_KEY", "annull"],
    ["DB_PASS", "$2b$10$abc"],
    ["DB_PASS", "x${y}"],
    ["DB_PASS", "{{ a }}b"],
    ["DB_PASS", "<b"],
    ["DB_PASS", "xalias/y"],
  ])("%s = %s is one", (name, text) => {
    expect(suspicion(name, text)).toBe("a likely secret (by its name)");
  });

  it.each<readonly [string, string]>([
    ["PWD", "/srv/app/"],
    ["NSS_WRAPPER_PASSWD", "/tmp/passwd"],
    ["TOKEN", "/var/run/secrets/token-1.jwt"],
    ["ENCRYPTION_KEY", "arn:aws:kms:eu-central-1:123456789012:key/1"],
    ["ENCRYPTION_KEY", "projects/p/locations/l/keyRings/r/cryptoKeys/k"],
    ["encryptionKey", "alias/orders"],
    ["ALLOW_EMPTY_PASSWORD", "yes"],
    ...["~", "null", "None", "nil", "undefined", "no", "on", "off", "true", "FALSE"].map(
      (text) => ["TOKEN", text] as const,
    ),
    ...["enabled", "disabled", "$TOKEN", "$(TOKEN)", "${TOKEN}", "{{ .Token }}", "<token>"].map(
      (text) => ["DB_PASSWORD", text] as const,
    ),
  ])("%s = %s is not one", (name, text) => {
    expect(suspicion(name, text)).toBeUndefined();
  });
});

/** As long as asked for, of different characters; no credential. */
const varied = (length: number, alphabet = "aB3dE6gH9jK2mN5pQ8sTzXyWvU"): string =>
  alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const letters = (length: number): string => varied(length, "aBcDeFgHiJkLmNoPqRsTuVwXyZ");
const digits = (length: number): string => varied(length, "0f1e2d3c4b5a69788796");

describe("shapeOf", () => {
  const a = (length: number): string => "a".repeat(length);
  it.each<[string, string, string]>([
    ["-----BEGIN PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----", "a private key"],
    ["postgres://user:x1@db", "write postgres://user:password@db", "a URL with a password"],
    ["x://$(USER):x1@db", "x://${user%%:*}@db", "a URL with a password"],
    ["see amqp://app:x1@mq:5672", "see amqp://app@mq:5672", "a URL with a password"],
    [
      "Host=db;User=app;Password=x1",
      "Host=db;User=app;Password=${x}",
      "a connection string with a password",
    ],
    ["host=db dbname=orders password=x1", "password=x1", "a connection string with a password"],
    [`AKIA${"A7".repeat(8)}`, `AKIA${"A7".repeat(7)}`, "an AWS access key"],
    [`ghp_${a(36)}`, `ghp_${a(35)}`, "a GitHub token"],
    [`github_pat_${a(22)}`, `github_pat_${a(21)}`, "a GitHub token"],
    [`glpat-${a(20)}`, `glpat-${a(19)}`, "a GitLab token"],
    [`xoxb-${a(10)}`, `xoxb-${a(9)}`, "a Slack token"],
    [
      "https://hooks.slack.com/services/T1/B1/x",
      "https://hooks.slack.com/services/T1",
      "a Slack webhook",
    ],
    [`sk_live_${a(16)}`, `sk_live_${a(15)}`, "a Stripe key"],
    [`AIza${a(35)}`, `AIza${a(34)}`, "a Google API key"],
    [`dop_v1_${a(64)}`, `dop_v1_${a(63)}`, "a DigitalOcean token"],
    [`SG.${a(22)}.${a(43)}`, `SG.${a(22)}.${a(42)}`, "a SendGrid key"],
    [`sk-${a(32)}`, `sk-${a(31)}`, "a key for a model API"],
    [`npm_${a(36)}`, `npm_${a(35)}`, "an npm token"],
    [`hvs.${varied(24)}`, `hvs.${varied(23)}`, "a Vault token"],
    [`hvb.${varied(24)}`, `hvs.${a(40)}`, "a Vault token"],
    [`glsa_${varied(32)}_${digits(8)}`, `glsa_${varied(32)}`, "a Grafana token"],
    [`glc_${varied(32)}`, `glc_${a(32)}`, "a Grafana token"],
    [`glrt-${varied(20)}`, `glrt-${varied(19)}`, "a GitLab token"],
    [
      `AccountName=a;AccountKey=${varied(86)}==;x=y`,
      "AccountName=a;AccountKey=$(KEY)",
      "an Azure connection string",
    ],
    [`SharedAccessKey=${varied(43)}=`, `SharedAccessKey=${a(43)}`, "an Azure connection string"],
    [
      `https://a.blob.core.windows.net/c?sv=2024-08-04&sp=r&sig=${varied(44)}`,
      "https://a.blob.core.windows.net/c?sv=2024-08-04&sp=r",
      "an Azure access signature",
    ],
    [`hf_${letters(34)}`, `hf_${letters(33)}`, "a Hugging Face token"],
    [`ya29.${varied(20)}`, `ya29.${varied(19)}`, "a Google access token"],
    [`GOCSPX-${varied(28)}`, `GOCSPX-${varied(27)}`, "a Google client secret"],
    [`dckr_pat_${varied(27)}`, `dckr_pat_${varied(26)}`, "a Docker Hub token"],
    [`dapi${digits(32)}`, `dapi${digits(31)}`, "a Databricks token"],
    [`shpat_${digits(32)}`, `shpat_${digits(31)}`, "a Shopify token"],
    [`pul-${digits(40)}`, `pul-${digits(39)}`, "a Pulumi token"],
    [`eyJ${a(8)}.eyJ${a(8)}.${a(8)}`, `eyJ${a(8)}.${a(8)}.${a(8)}`, "a JSON Web Token"],
  ])("%s is one, %s is not: %s", (text, other, what) => {
    expect(shapeOf(text)).toBe(what);
    expect(shapeOf(other)).toBeUndefined();
  });
});

describe("isDefaultCredential", () => {
  it.each<[string, string, boolean]>([
    ["POSTGRES_PASSWORD", "postgres", true],
    ["password", "Change-Me", true],
    ["password", "change_me!", true],
    ["adminPassword", "prom-operator", true],
    ["url", "amqp://guest:guest@mq:5672", true],
    ["url", "redis://:changeme@cache", true],
    ["url", "amqp://guest:7hK2@mq:5672", false],
    ["url", "http://mq:5672", false],
    ["POSTGRES_USER", "postgres", false],
    ["password", "7hK2", false],
    ["password", "", false],
  ])("%s %s: %s", (name, text, expected) => {
    expect(isDefaultCredential(name, text)).toBe(expected);
  });
});

describe("namedTexts", () => {
  it("names a string by its key, its list's key, or the name next to its value", () => {
    const fixture = {
      a: "1",
      b: ["2", { c: "3" }],
      d: { name: "e", value: "4", other: "5" },
      f: { value: "6" },
    };
    const found = [...namedTexts(Value.plain(fixture))];
    expect(found.map(({ name, text, value }) => [value.path, name, text])).toEqual([
      ["a", "a", "1"],
      ["b[0]", "b", "2"],
      ["b[1].c", "c", "3"],
      ["d.name", "name", "e"],
      ["d.value", "e", "4"],
      ["d.other", "other", "5"],
      ["f.value", "value", "6"],
    ]);
  });
});
