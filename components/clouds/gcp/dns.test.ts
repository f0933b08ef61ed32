import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register, UNKNOWN, valueOf } from "../../kit/testing";
import { Dns, type DnsArguments } from "../../platform/dns";
import { cloudDns, type GoogleDns } from "./dns";

const CLOUD = {
  "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember": {},
  "gcp:dns/managedZone:ManagedZone": { nameServers: ["ns-cloud-a1.example.net."] },
  "gcp:projects/iAMMember:IAMMember": {},
  "gcp:projects/service:Service": {},
  "gcp:serviceaccount/account:Account": {
    email: "writer@example.net",
    member: "serviceAccount:writer@example.net",
    name: "the-account",
  },
  "gcp:serviceaccount/iAMMember:IAMMember": {},
};

const create = (
  changes: Partial<DnsArguments> = {},
  provider: Partial<GoogleDns> = {},
  preview = false,
) =>
  register(
    (options) => {
      const pool = new RandomPassword("pool", { length: 9 }, options);
      return new Dns(
        "names",
        {
          system: "farm",
          zone: "example.org",
          mode: "create",
          host: cloudDns({
            placement: { project: "a-12", workloadPool: "a-12.svc.id.goog", identityReady: [pool] },
            accountId: "farm-prod-dns",
            challengeAccountId: "farm-prod-acme",
            ...provider,
          }),
          owner: "farm-prod",
          monitoringNamespace: "watch",
          chartMirror: undefined,
          protect: true,
          ...changes,
        },
        options,
      );
    },
    { preview, cloud: CLOUD },
  );

describe("records in Cloud DNS", () => {
  it("are written to a signed zone that is created here", async () => {
    const { result, resources } = await create();
    expect(inputsOf(resources, "names-zone")).toEqual({
      project: "a-12",
      name: "example-org",
      dnsName: "example.org.",
      description: "Written to by farm-prod",
      visibility: "public",
      dnssecConfig: { state: "on" },
      forceDestroy: false,
      deletionPolicy: "PREVENT",
    });
    expect(await valueOf(result.nameServers ?? pulumi.output(UNKNOWN))).toEqual([
      "ns-cloud-a1.example.net.",
    ]);
  });

  it("are written by a pod with its own identity, once that exists", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "names-identity-account")).toEqual({
      accountId: "farm-prod-dns",
      project: "a-12",
      displayName: "external-dns/external-dns",
    });
    expect(inputsOf(resources, "names-service-account")["metadata"]).toMatchObject({
      name: "external-dns",
      namespace: "external-dns",
      annotations: { "iam.gke.io/gcp-service-account": "writer@example.net" },
    });
    const { dependsOn } = named(resources, "names-external-dns");
    for (const before of ["identity-member", "reader", "writer", "service-account", "zone"]) {
      expect(dependsOn).toContain(`names-${before}`);
    }
    expect(inputsOf(resources, "names-external-dns")["values"]).toMatchObject({
      provider: { name: "google" },
      serviceAccount: { create: false, name: "external-dns" },
      extraArgs: {
        "google-project": "a-12",
        "google-zone-visibility": "public",
        "zone-id-filter": "example-org",
      },
    });
    expect(ofKind(resources, "Secret")).toEqual([]);
  });

  it("are all that the pod may write: it can only list the project's other zones", async () => {
    const { resources } = await create();
    const member = "serviceAccount:writer@example.net";
    expect(inputsOf(resources, "names-reader")).toEqual({
      project: "a-12",
      role: "roles/dns.reader",
      member,
    });
    expect(inputsOf(resources, "names-writer")).toEqual({
      project: "a-12",
      managedZone: "example-org",
      role: "roles/dns.admin",
      member,
    });
    expect(
      resources.filter(({ inputs }) => String(inputs["role"]).startsWith("roles/dns.")),
    ).toHaveLength(2);
  });

  it.each([
    [undefined, "example-org"],
    ["fields", "fields"],
  ])("of an adopted zone with the name %s: %s", async (zoneId, expected) => {
    const { result, resources } = await create({ mode: "adopt" }, { zoneId });
    expect(ofKind(resources, "ManagedZone")).toEqual([]);
    expect(result.nameServers).toBeUndefined();
    expect(inputsOf(resources, "names-writer")["managedZone"]).toBe(expected);
  });

  it("are fully shown in a first preview", async () => {
    const { resources } = await create({}, {}, true);
    expect(JSON.stringify(inputsOf(resources, "names-external-dns"))).not.toContain(UNKNOWN);
    expect(inputsOf(resources, "names-service-account")["metadata"]).toMatchObject({
      annotations: { "iam.gke.io/gcp-service-account": UNKNOWN },
    });
  });
});

it("cert-manager proves names as administrator of this zone only", async () => {
  const placement = { project: "a-12", workloadPool: "a-12.svc.id.goog", identityReady: [] };
  const accounts = { accountId: "farm-prod-dns", challengeAccountId: "farm-prod-acme" };
  const host = cloudDns({ placement, zoneId: "fields", ...accounts });
  const { result, resources } = await register(
    (options) => host.challenge("proof", "example.org", options),
    { cloud: CLOUD },
  );
  expect(result).toMatchObject({
    solver: { cloudDNS: { project: "a-12", hostedZoneName: "fields" } },
    account: "cert-manager-dns",
  });
  expect(inputsOf(resources, "proof-member")).toMatchObject({
    member: "serviceAccount:a-12.svc.id.goog[cert-manager/cert-manager-dns]",
  });
  expect(inputsOf(resources, "proof-account")).toMatchObject({ accountId: "farm-prod-acme" });
  expect(inputsOf(resources, "proof-writer")).toEqual({
    project: "a-12",
    managedZone: "fields",
    role: "roles/dns.admin",
    member: "serviceAccount:writer@example.net",
  });
});

describe("DNS records on Google Cloud", () => {
  it("the API is enabled first, and stays enabled for others", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "names-api")).toEqual({
      project: "a-12",
      service: "dns.googleapis.com",
      disableOnDestroy: false,
    });
    expect(named(resources, "names-zone").dependsOn).toEqual(["names-api"]);
    expect(named(resources, "names-writer").dependsOn).toEqual(["names-api"]);
  });

  it("the zone and the account have explicit names", async () => {
    const { resources } = await create({}, { zoneId: "fields" });
    expect(inputsOf(resources, "names-zone")["name"]).toBe("fields");
    expect(inputsOf(resources, "names-identity-account")["accountId"]).toBe("farm-prod-dns");
  });

  it.each([
    [true, "PREVENT"],
    [false, "DELETE"],
  ])("a zone is not replaced by mistake; protected: %s", async (protect, policy) => {
    const { resources } = await create({ protect });
    expect(named(resources, "names-zone").options.protect).toBe(protect);
    expect(inputsOf(resources, "names-zone")["deletionPolicy"]).toBe(policy);
  });

  it("the domain ends in a dot, the description is not empty, and records block deletion", async () => {
    const { resources } = await create({ zone: "b.example.net" });
    expect(inputsOf(resources, "names-zone")).toMatchObject({
      dnsName: "b.example.net.",
      description: "Written to by farm-prod",
      forceDestroy: false,
    });
  });

  it("the account is bound once the workload identity pool exists", async () => {
    const { resources } = await create();
    expect(named(resources, "names-identity-member").dependsOn).toContain("pool");
  });

  it("the pod may reach the service that issues its token", async () => {
    const { resources } = await create();
    const open = ofKind(resources, "NetworkPolicy").flatMap(
      ({ inputs }) => (inputs["spec"] as { egress?: unknown[] }).egress ?? [],
    );
    expect(open).toContainEqual({
      to: [{ ipBlock: { cidr: "169.254.169.254/32" } }],
      ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "TCP", port: 8080 },
      ],
    });
  });
});
