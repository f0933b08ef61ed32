import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, refusal, register, UNKNOWN, valueOf } from "../kit/testing";
import { Dns, type DnsArguments } from "./dns";
import { checkDns } from "../dns/check";
import { route53Dns } from "../clouds/aws/dns";
import { digitalOceanDns } from "../clouds/digitalocean/dns";
import { cloudDns } from "../clouds/gcp/dns";

const args: DnsArguments = {
  system: "farm",
  zone: "example.org",
  mode: "adopt",
  host: digitalOceanDns(pulumi.output("the-token")),
  owner: "farm-prod",
  monitoringNamespace: "watch",
  chartMirror: undefined,
  protect: true,
};

const create = (changes: Partial<DnsArguments> = {}) =>
  register((options) => new Dns("names", { ...args, ...changes }, options));

describe("records", () => {
  it("are written only to an existing zone, with this cluster as owner", async () => {
    const { result, resources } = await create();
    expect(ofKind(resources, "Domain")).toEqual([]);
    expect(result.zone).toBe("example.org");
    expect(result.nameServers).toBeUndefined();
    expect(inputsOf(resources, "names-external-dns")).toMatchObject({
      name: "external-dns",
      namespace: "external-dns",
    });
    expect(inputsOf(resources, "names-external-dns")["values"]).toEqual({
      provider: { name: "digitalocean" },
      extraArgs: {
        // Not those of HTTP challenges, which would publish a host that another environment answers for.
        "label-filter": "app.kubernetes.io/managed-by=pulumi",
      },
      env: [
        {
          name: "DO_TOKEN",
          valueFrom: { secretKeyRef: { name: "external-dns-token", key: "token" } },
        },
      ],
      sources: ["gateway-httproute"],
      domainFilters: ["example.org"],
      policy: "sync",
      registry: "txt",
      txtOwnerId: "farm-prod",
      interval: "1m",
      triggerLoopOnEvent: true,
      logFormat: "json",
      resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    });
  });

  it.each([true, false])(
    "create their zone first with dns create; protected: %s",
    async (protect) => {
      const { result, resources } = await create({ mode: "create", protect });
      expect(ofKind(resources, "Domain").map(({ inputs }) => inputs)).toEqual([
        { name: "example.org" },
      ]);
      expect(named(resources, "names-zone").options.protect).toBe(protect);
      expect(named(resources, "names-external-dns").dependsOn).toContain("names-zone");
      expect(await valueOf(result.nameServers ?? pulumi.output(UNKNOWN))).toEqual([
        "ns1.digitalocean.com",
        "ns2.digitalocean.com",
        "ns3.digitalocean.com",
      ]);
    },
  );

  it("need a token, which is secret and not in the chart's values", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "names-token")).toMatchObject({
      metadata: { name: "external-dns-token", namespace: "external-dns" },
      stringData: { $secret: { token: "the-token" } },
    });
    const values = inputsOf(resources, "names-external-dns")["values"];
    expect(JSON.stringify(values)).not.toContain("the-token");
    expect(named(resources, "names-external-dns").dependsOn).toContain("names-token");
  });

  it("leave the ServiceAccount to the chart if there is a token", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "ServiceAccount")).toEqual([]);
  });
});

describe("records that every cloud would reject", () => {
  const placement = {
    region: "eu-west-1",
    clusterName: pulumi.output("c"),
    identityReady: [],
    project: "p",
    workloadPool: "p.svc.id.goog",
  };
  const aws = (zoneId?: string): Partial<DnsArguments> => ({
    host: route53Dns({ placement, zoneId }),
  });
  const gcp = (more: { zoneId?: string; accountId?: string } = {}): Partial<DnsArguments> => ({
    host: cloudDns({
      placement,
      accountId: "farm-prod-dns",
      challengeAccountId: "farm-prod-acme",
      ...more,
    }),
  });
  const zoneForm =
    "but must be a domain name in lower case without a dot at its end, such as example.org. Set runstack:dnsZone.";
  const googleForm =
    "but must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter. Set runstack:dnsZoneId to the zone's name in Cloud DNS, which is not its domain.";

  it.each<[string, Partial<DnsArguments>, string]>([
    ["a capital", { zone: "Example.org" }, `zone is "Example.org", ${zoneForm}`],
    ["a dot at the end", { zone: "example.org." }, `zone is "example.org.", ${zoneForm}`],
    ["a top-level domain", { zone: "museum" }, `zone is "museum", ${zoneForm}`],
    ["a wildcard", { zone: "*.example.org" }, `zone is "*.example.org", ${zoneForm}`],
    [
      "an owner with a quotation mark",
      { owner: 'a"b' },
      'owner is "a"b", but must be 1 to 63 lower-case letters, digits and hyphens. It is written to a TXT record beside each record of the stack.',
    ],
    [
      "a path for Route 53's id",
      aws("/hostedzone/Z012"),
      "zoneId is \"/hostedzone/Z012\", but must be the zone's id in Route 53: a Z and up to 31 capital letters and digits. Copy it from the zone's details, without /hostedzone/ before it.",
    ],
    [
      "an id of a zone that is yet to be made",
      { ...aws("Z012"), mode: "create" },
      'zoneId is "Z012", but must be unset when the stack creates the zone. Remove runstack:dnsZoneId, or set runstack:dns to adopt.',
    ],
    [
      "a domain for Cloud DNS' name",
      gcp({ zoneId: "example.org" }),
      `zoneId is "example.org", ${googleForm}`,
    ],
    [
      "a domain from which Cloud DNS' name cannot be made",
      { ...gcp(), zone: "4ever.org" },
      `zoneId is "4ever-org", ${googleForm}`,
    ],
    [
      "an account's name that is too long",
      gcp({ accountId: "a-system-of-a-long-name-staging-dns" }),
      'accountId is "a-system-of-a-long-name-staging-dns", but must be 6 to 30 lower-case letters, digits and hyphens, beginning with a letter. The Google service account that writes records is named after the system: shorten the system\'s id.',
    ],
  ])("refuses %s", (_, changes, expected) => {
    expect(
      refusal(() => {
        checkDns("names", { ...args, ...changes });
      }),
    ).toBe(`Dns names: ${expected}`);
  });

  it.each<[string, Partial<DnsArguments>]>([
    ["a subdomain", { zone: "a-b.4ever.co.uk" }],
    ["an id of Route 53", aws("Z0123456789ABCDEFGHIJ")],
    ["no id where the zone is made", { ...aws(), mode: "create" }],
    ["a name for a zone of Cloud DNS that is made", { ...gcp({ zoneId: "farm" }), mode: "create" }],
    ["a short account", gcp({ accountId: "farm-1" })],
  ])("accepts %s", (_, changes) => {
    expect(
      refusal(() => {
        checkDns("names", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
