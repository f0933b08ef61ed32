import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../../systems";
import { todoChatbot } from "../../systems/todo-chatbot";
import { PROFILES } from "../clouds";
import { siteOf } from "../site";
import {
  commands,
  good,
  images,
  mistakes,
  onAws,
  onExisting,
  onGoogle,
  sentence,
} from "../testing";
import { THEMES, type Values } from ".";
import { variantAccepted } from "../placement";
import { consistent } from "./stack";

const NODE = "a droplet size of at least 2 processors and 4 GB, such as s-4vcpu-8gb";
const OFFERED =
  "a version that DigitalOcean offers (doctl databases options versions --engine kafka)";

describe("a size", () => {
  it.each([
    ["systemNodeSize", "banana", NODE],
    ["nodeSize", "s-1vcpu-1gb", NODE],
    ["nodeSize", "s-2vcpu-2gb", NODE],
    ["kafkaSize", "db-s-1vcpu-1gb", "db-s-2vcpu-2gb or larger, the least for a broker"],
    ["redisSize", "db-s-1vcpu-1gb", "db-s-1vcpu-2gb or larger, the least with a standby"],
  ])("%s of %s is refused", (key, value, allowed) => {
    expect(mistakes({ [key]: value })).toBe(sentence(key, `is "${value}"`, allowed));
  });

  it("of a cache without a standby can be the smallest", () => {
    expect(mistakes({ environment: "staging", redisSize: "db-s-1vcpu-1gb" })).toBe("");
  });

  it.each(["s-4vcpu-8gb-amd", "g-2vcpu-8gb", "so1_5-2vcpu-16gb"])("%s fits a node", (nodeSize) => {
    expect(mistakes({ nodeSize })).toBe("");
  });
});

describe("a version of Kafka", () => {
  it.each(["3.8", "3.6", "2.9"])("%s is refused, because it is retired", (kafkaVersion) => {
    expect(mistakes({ kafkaVersion })).toBe(
      sentence(
        "kafkaVersion",
        `is "${kafkaVersion}"`,
        `newer than 3.8, which is retired, and ${OFFERED}`,
      ),
    );
  });

  it("is required for a managed Kafka", () => {
    expect(mistakes({ kafkaVersion: undefined })).toBe(
      sentence("kafkaVersion", "is not set", OFFERED),
    );
  });
});

describe("a system", () => {
  const values = {} as Values;

  it("with a contradiction is refused, with the contradiction in the error", () => {
    const [first] = todoChatbot.services;
    const twice = {
      ...todoChatbot,
      services: first === undefined ? [] : [first, ...todoChatbot.services],
    };
    const [problem] = consistent(values, siteOf(values, twice));
    expect(problem?.key).toBe("system");
    expect(problem?.allowed).toMatch(/^one without contradictions \(.*backend.*\)$/);
    expect(consistent(values, siteOf(values, todoChatbot))).toEqual([]);
  });
});

describe("a data service", () => {
  it.each([
    ["postgres", '"operator" or "external" for neon'],
    ["redis", '"external" for state'],
    ["kafka", '"operator" or "external" for pubsub'],
  ])("cannot be managed if the cloud has no managed %s", (kind, allowed) => {
    expect(mistakes({ [kind]: "managed" }, onExisting)).toContain(
      `runstack:${kind} is "managed", but must be ${allowed}: an existing cluster has no managed ${kind}. `,
    );
  });

  it.each([
    [good, '"managed" or "external"'],
    [onExisting, '"external"'],
  ])("cannot be Redis in the cluster where a standby is asked for: %#", (base, allowed) => {
    expect(mistakes({ redis: "operator" }, base)).toBe(
      `runstack:redis is "operator", but must be ${allowed} for state: Redis in the cluster is a ` +
        "single pod, and Todo Chatbot asks for a standby (unless its topology in " +
        'systems/todo-chatbot is "single"). Set it with: pulumi config set runstack:redis VALUE',
    );
    expect(mistakes({ redis: "operator", environment: "dr" }, base)).toContain('is "operator"');
  });

  it("can be Redis in the cluster in staging, or if the runbook asks for no standby", () => {
    expect(mistakes({ redis: "operator", environment: "staging" })).toBe("");
    const production = { environment: "prod" } as Values;
    const site = siteOf(production, SYSTEMS["ai-wealth"]);
    expect(variantAccepted("redis")(production, site)).toEqual([]);
  });
});

it.each([
  [
    "postgresStorage",
    { postgresStorage: 100 },
    "is 100",
    "not set: DigitalOcean's storage is part of runstack:postgresSize",
  ],
  [
    "rotations.DATABASE_URL",
    { rotations: { DATABASE_URL: "2" } },
    'is "2"',
    "not set: DigitalOcean generates the password of neon; reset it with doctl databases user reset, then run pulumi refresh",
  ],
])("%s would have no effect on DigitalOcean's own Postgres", (key, changes, is, allowed) => {
  expect(mistakes({ ...changes, postgres: "managed" })).toBe(sentence(key, is, allowed));
});

it.each([
  ["redisVersion", { redisVersion: "99" }, 'is "99"', 'one of "8" for state'],
  [
    "secretStore",
    { secretStore: "create" },
    'is "create"',
    "not set: it only has an effect on aws or gcp, which have a secret manager",
  ],
  [
    "models",
    { models: ["llama3.2:3b"] },
    'is ["llama3.2:3b"]',
    "not set: it only has an effect for a system with a model server",
  ],
])("%s is refused where it has no effect", (key, changes, is, allowed) => {
  expect(mistakes(changes)).toBe(sentence(key, is, allowed));
});

it("refuses a managed Postgres that cannot reach back as far as the runbook asks", () => {
  const aeneas = {
    ...onGoogle,
    system: "aeneas",
    images: images(SYSTEMS.aeneas),
    commands: commands(SYSTEMS.aeneas),
    region: "us-central1",
  };
  expect(mistakes({}, aeneas)).toBe(
    sentence(
      "postgres",
      'is "managed"',
      `"operator" for postgresql: Google Cloud's managed Postgres keeps at most ` +
        "7 days, and 30 are required",
    ),
  );
  expect(mistakes({ postgres: "operator" }, aeneas)).toBe("");
  expect(mistakes({ environment: "staging" }, aeneas)).toBe("");
});

describe("a runbook's numbers", () => {
  const aeneas = {
    ...onAws,
    system: "aeneas",
    images: images(SYSTEMS.aeneas),
    commands: commands(SYSTEMS.aeneas),
    region: "us-east-1",
  };

  it("are the minimum for production: read replicas", () => {
    expect(mistakes({ postgresReplicas: 1 }, aeneas)).toBe(
      sentence(
        "postgresReplicas",
        "is 1",
        "at least 2, the number in the runbook (System Overview / Architecture)",
      ),
    );
  });

  it("are the minimum for production: days of point-in-time recovery", () => {
    expect(mistakes({ pointInTimeRecovery: 14 }, aeneas)).toBe(
      sentence(
        "pointInTimeRecovery",
        "is 14",
        "at least 30, the number of days in the runbook (System Overview / Architecture)",
      ),
    );
  });

  it("do not apply to staging", () => {
    const changes = { environment: "staging", postgresReplicas: 0, pointInTimeRecovery: 1 };
    expect(mistakes(changes, aeneas)).toBe("");
  });
});

describe("an external service", () => {
  it("needs a list of brokers for Kafka", () => {
    expect(mistakes({ kafka: "external" }, onAws)).toBe(
      sentence("kafkaBrokers", "is not set", "a list of HOST:PORT if Kafka is external"),
    );
  });

  it("needs a mail server for e-mail alerts", () => {
    const aia = { ...onGoogle, system: "aia", images: images(SYSTEMS.aia) };
    expect(mistakes({}, aia)).toBe(
      sentence(
        "mail",
        "is not set",
        "a map with `smarthost`, `from` and `username`: the runbook alerts by e-mail",
      ),
    );
    const mail = { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" };
    expect(mistakes({ mail }, aia)).toBe("");
  });

  it("can be a replicated primary only in a recovery environment on Amazon", () => {
    const staging = { environment: "staging", postgres: "managed", replicaOf: "arn:aws:rds:x" };
    expect(mistakes(staging, onAws)).toBe(
      sentence(
        "replicaOf",
        'is "arn:aws:rds:x"',
        'not set, unless the environment is "dr": a replica accepts no writes',
      ),
    );
    const elsewhere = { environment: "dr", postgres: "managed", replicaOf: "somewhere" };
    expect(mistakes(elsewhere, onGoogle)).toBe(
      sentence(
        "replicaOf",
        'is "somewhere"',
        "not set, except for a managed or an operator's Postgres on Amazon: in other cases, restore a " +
          "dump in the recovery region",
      ),
    );
    expect(mistakes(elsewhere, onAws)).toBe("");
  });
});

describe("every key", () => {
  const keys = THEMES.flatMap(([, theme]) => Object.entries(theme));

  it.each(keys)("%s has an example that its schema accepts", (_name, { schema, example }) => {
    expect(schema.safeParse(example).error).toBeUndefined();
  });

  it.each(keys)("%s has a default that its schema accepts, or none", (_name, key) => {
    const defaults = Object.values(PROFILES).map((profile) => key.fallback(profile));
    expect(
      defaults.filter((value) => value !== undefined && !key.schema.safeParse(value).success),
    ).toEqual([]);
    expect(defaults.includes(undefined)).toBe(key.presence !== "default");
  });

  it("is declared in one theme", () => {
    const names = keys.map(([name]) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe("a key without effect", () => {
  it.each([
    ["administrators", { administrators: ["arn:aws:iam::210987654321:role/x"] }, good, "on aws"],
    ["metricsServer", { metricsServer: "create" }, good, "on an existing cluster"],
    [
      "loadBalancerAnnotations",
      { loadBalancerAnnotations: { a: "b" } },
      onAws,
      "on an existing cluster",
    ],
    ["imageRepository", { imageRepository: "create", environment: "dr" }, onAws, "on gcp"],
    ["registryIntegration", { registryIntegration: true }, onAws, "on digitalocean"],
    ["dnsZoneId", { dnsZoneId: "Z1" }, good, "on aws or gcp"],
    [
      "controlPlaneAccess",
      { controlPlaneAccess: ["192.0.2.0/24"] },
      onExisting,
      "where the stack creates the cluster",
    ],
    ["kafkaBrokers", { kafkaBrokers: ["b:9092"] }, onAws, "where Kafka is external"],
    ["kafkaAuthentication", { kafkaAuthentication: "plain" }, onAws, "where Kafka is external"],
    [
      "kafkaVersion",
      { kafka: "external", kafkaBrokers: ["b:9092"], kafkaVersion: "4.0" },
      onAws,
      "where Kafka is managed or run by an operator",
    ],
    [
      "mail",
      { mail: { smarthost: "m:25", from: "a@b.org", username: "a" } },
      good,
      "where the runbook alerts by e-mail",
    ],
  ])("%s is refused where it has no effect", (key, changes, base, where) => {
    expect(mistakes(changes, base)).toBe(
      sentence(
        key,
        `is ${JSON.stringify(changes[key as keyof typeof changes])}`,
        `not set: it only has an effect ${where}`,
      ),
    );
  });

  it.each([
    [
      "its default",
      { metricsServer: "adopt", kafkaAuthentication: "scram-sha-512", maintenance: false },
    ],
    ["the value that it has there anyway", { secretStore: "none", imageRepository: "create" }],
    ["nothing", { administrators: [], loadBalancerAnnotations: {}, kafkaBrokers: [] }],
  ])("may be set to %s", (_what, changes) => {
    expect(mistakes(changes)).toBe("");
  });
});
