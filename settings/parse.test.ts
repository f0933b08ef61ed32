import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { parseSettings, readSettings } from ".";
import { commands, good, images, onAws, onGoogle, SERVICES } from "./testing";
import { SYSTEMS } from "../systems";

describe("default settings", () => {
  it("come from the runbook in production", () => {
    const { system, ...settings } = parseSettings(good);
    expect(system).toEqual(SYSTEMS["todo-chatbot"]);
    expect(settings).toEqual({
      environment: "prod",
      production: true,
      cloud: "digitalocean",
      region: "nyc3",
      zones: [],
      project: "",
      kubeContext: "",
      storageClass: "do-block-storage",
      loadBalancerAnnotations: {},
      metricsServer: "adopt",
      imageRepository: "create",
      administrators: [],
      backupRegion: "sfo3",
      domain: "todo.example.org",
      dns: "adopt",
      dnsZone: "example.org",
      dnsZoneId: undefined,
      failover: "active",
      email: "people@example.org",
      images: good["images"],
      kubernetesVersion: "1.35",
      systemNodeSize: "s-4vcpu-8gb",
      nodeSize: "s-4vcpu-8gb",
      nodes: { min: 3, max: 6 },
      postgresSize: "db-s-2vcpu-4gb",
      postgresVersion: undefined,
      postgresUpgrade: false,
      postgresStorage: undefined,
      postgresReplicas: undefined,
      pointInTimeRecovery: undefined,
      replicaOf: undefined,
      redisSize: "db-s-1vcpu-2gb",
      redisVersion: undefined,
      kafkaSize: "db-s-2vcpu-4gb",
      kafkaVersion: "4.7",
      kafkaStorage: undefined,
      kafkaBrokers: [],
      kafkaAuthentication: "scram-sha-512",
      scaling: Object.fromEntries(SERVICES.map((name) => [name, { min: 2, max: 6 }])),
      network: {
        vpc: "10.100.0.0/20",
        pods: "10.104.0.0/16",
        services: "10.101.0.0/19",
        managed: "10.100.0.0/20",
      },
      controlPlaneAccess: [],
      registryIntegration: false,
      slackChannel: "#todo-chatbot-ops",
      rotations: {},
      maintenance: false,
      mutedTimes: [],
      paging: true,
      protect: true,
      protection: { cluster: true, nodes: true, postgres: true, redis: true, kafka: true },
      chartMirror: undefined,
      runbookUrl: "https://runbooks.example.org",
      registryCredentials: false,
      imagePullSecret: undefined,
      backupBucket: "todo-chatbot-prod-backups",
      backupEndpoint: undefined,
      secretStore: "none",
      models: [],
      buckets: {},
      incarnation: 1,
      incarnations: {},
      restoreFrom: {},
      namePrefix: undefined,
      mail: undefined,
    });
  });

  it("are smaller and unprotected in staging", () => {
    const settings = parseSettings({ ...good, environment: "staging" });
    expect([settings.production, settings.protect, settings.nodes]).toEqual([
      false,
      false,
      { min: 2, max: 4 },
    ]);
    expect(settings.scaling["notification"]).toEqual({ min: 1, max: 2 });
    expect(settings.network.vpc).toBe("10.120.0.0/20");
  });

  it("allow staging to be smaller than the runbook", () => {
    const settings = parseSettings({
      ...good,
      environment: "staging",
      nodes: { min: 1, max: 9 },
      scaling: { backend: { min: 1, max: 9 } },
    });
    expect([settings.nodes, settings.scaling["backend"]]).toEqual([
      { min: 1, max: 9 },
      { min: 1, max: 9 },
    ]);
  });

  it("are for the recovery region in a recovery environment", () => {
    const settings = parseSettings({
      ...onAws,
      system: "aeneas",
      region: undefined,
      environment: "dr",
      images: images(SYSTEMS.aeneas),
      commands: commands(SYSTEMS.aeneas),
    });
    expect([settings.region, settings.zones, settings.backupRegion, settings.network]).toEqual([
      "us-west-2",
      ["us-west-2a", "us-west-2b", "us-west-2c"],
      // The other region is the one that was lost.
      "us-west-2",
      {
        vpc: "10.140.0.0/16",
        pods: "10.140.0.0/16",
        services: "10.141.0.0/20",
        managed: "10.140.0.0/16",
      },
    ]);
  });

  it("use the runbook's bucket name only in production", () => {
    const bucket = (environment: string) =>
      parseSettings({
        ...onAws,
        system: "phase-5",
        region: "us-east-1",
        environment,
        images: images(SYSTEMS["phase-5"]),
        commands: commands(SYSTEMS["phase-5"]),
      }).backupBucket;
    expect([bucket("prod"), bucket("dr")]).toEqual(["todo-app-backups", "phase-5-dr-backups"]);
  });

  it("prefix bucket names on Google Cloud with the project, which is unique", () => {
    expect(parseSettings(onGoogle).backupBucket).toBe("bikes-and-more-todo-chatbot-prod-backups");
  });

  it("lift protection only for what the stack lists", () => {
    expect(parseSettings({ ...good, replace: ["nodes", "kafka"] }).protection).toEqual({
      cluster: true,
      nodes: false,
      postgres: true,
      redis: true,
      kafka: false,
    });
  });

  it("fill in a network that a stack sets in part", () => {
    const given = { ...onAws, network: { vpc: "10.7.0.0/16" } };
    expect(parseSettings(given).network).toEqual({
      vpc: "10.7.0.0/16",
      pods: "10.7.0.0/16",
      services: "10.101.0.0/20",
      managed: "10.7.0.0/16",
    });
  });

  it.each([
    ["prod", "false", false],
    ["staging", "true", true],
    ["dr", "auto", true],
  ])("protects %s with %s: %s", (environment, protect, expected) => {
    expect(parseSettings({ ...good, environment, protect }).protect).toBe(expected);
  });
});

describe("stack configuration", () => {
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
  });
  const read = (values: Readonly<Record<string, string>>, encrypted: readonly string[] = []) => {
    pulumi.runtime.setAllConfig(
      {
        "digitalocean:token": "x",
        ...Object.fromEntries(
          Object.entries(values).map(([key, text]) => [`runstack:${key}`, text]),
        ),
      },
      [...encrypted],
    );
    return readSettings(new pulumi.Config("runstack"));
  };
  const text = Object.fromEntries(
    Object.entries(good).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

  it("reads text and structured keys, and treats an empty default as not set", () => {
    const settings = read({
      ...text,
      region: "",
      scaling: "{}",
      maintenance: "true",
      controlPlaneAccess: '["192.0.2.0/24"]',
      nodes: '{"min":4,"max":8}',
    });
    expect([
      settings.region,
      settings.maintenance,
      settings.controlPlaneAccess,
      settings.nodes,
      settings.scaling["backend"],
    ]).toEqual(["nyc3", true, ["192.0.2.0/24"], { min: 4, max: 8 }, { min: 2, max: 6 }]);
  });

  it.each(["zalando", "cloudnative-pg"])("refuses a key that was removed: %s", (operator) => {
    expect(() => read({ ...text, postgresOperator: operator })).toThrow(
      new pulumi.RunError(
        `runstack:postgresOperator is "${operator}", but must not be set: CloudNativePG is the only ` +
          "operator for Postgres; migrate data from Zalando's operator with a dump and a restore " +
          '(docs/recovery.md, "Restore into an empty database"). ' +
          "Remove it with: pulumi config rm runstack:postgresOperator",
      ),
    );
  });

  it("refuses an unknown key and suggests the nearest one", () => {
    expect(() => read({ ...text, postgress: "managed" })).toThrow(
      new pulumi.RunError(
        'runstack:postgress is "[a value]", but must not be set: this key does not exist ' +
          '(did you mean "postgres"?). Remove it with: pulumi config rm runstack:postgress',
      ),
    );
  });

  it("refuses an encrypted key, which a plan would treat as not set", () => {
    expect(() => read(text, ["runstack:postgres", "runstack:secrets"])).toThrow(
      new pulumi.RunError(
        'runstack:postgres is "[encrypted]", but must be plain text, which a plan without ' +
          "credentials can read. Set it with: pulumi config set runstack:postgres VALUE",
      ),
    );
  });

  it("ignores keys of other projects", () => {
    expect(read({ ...text, secrets: "{}", policyExemptions: "[]" }).environment).toBe("prod");
  });

  it("refuses a structured key that is not JSON", () => {
    expect(() => read({ ...text, nodes: "3" + " to 6" })).toThrow(
      new pulumi.RunError(
        'runstack:nodes is "3 to 6", but must be a structured value: use ' +
          "`pulumi config set --path`. Set it with: pulumi config set runstack:nodes VALUE",
      ),
    );
  });
});
