import { describe, expect, it } from "vitest";
import { days, hours } from "../../systems/units";
import { shop } from "../testing/system";
import { UNKNOWN, messages, secret, type Fixture } from "../testing";
import { clause, shopWith } from "../testing/runbook";

const keys = (...names: readonly string[]) =>
  names.map((key) => ({
    ...clause("Secrets"),
    key,
    source: { kind: "given" as const, what: "x" },
  }));

describe("runbook-secrets", () => {
  const as = shopWith({
    secrets: [{ ...clause("Secrets"), name: "shop-keys", keys: keys("a", "b") }],
  });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("runbook-secrets", fixture, as);
  const plain = (props: object, name: unknown = "shop-keys"): Fixture => ({
    type: "kubernetes:core/v1:Secret",
    name: "s",
    props: { metadata: { name, namespace: "shop" }, ...props },
  });
  const external = (spec: object): Fixture => ({
    type: "kubernetes:external-secrets.io/v1:ExternalSecret",
    name: "s",
    props: { metadata: { name: "shop-keys", namespace: "shop" }, spec },
  });
  const both = [{ secretKey: "a" }, { secretKey: "b" }];
  const lacks = (kind: string, what: string): readonly string[] => [
    `${kind} "shop/shop-keys" has no ${what}; the runbook's services read it from there.`,
  ];

  it("accepts every way to create it", async () => {
    expect(await reported(plain({ data: { a: "1" }, stringData: secret({ b: "2" }) }))).toEqual([]);
    expect(await reported(external({ data: both }))).toEqual([]);
    expect(await reported(external({ dataFrom: [{}] }))).toEqual([]);
    const sealed = { ...plain({}), type: "kubernetes:bitnami.com/v1alpha1:SealedSecret" };
    const props = { ...sealed.props, spec: { encryptedData: { a: "x", b: "y" } } };
    expect(await reported({ ...sealed, props })).toEqual([]);
    expect(
      await reported({ ...sealed, props: { ...props, spec: { encryptedData: { a: "x" } } } }),
    ).toEqual(lacks("SealedSecret", '"b"'));
  });

  it("reports what is missing", async () => {
    const none =
      'The secret "shop-keys" is neither a Secret nor an ExternalSecret; the runbook "Shop Runbook" requires it (Secrets).';
    expect(await reported()).toEqual([none]);
    expect(await reported(plain({ data: { a: "1", b: "2" } }, "other"))).toEqual([none]);
    expect(await reported(external({ target: { name: "other" }, data: both }))).toEqual([none]);
    expect(await reported(plain({}))).toEqual(lacks("Secret", '"a", "b"'));
    expect(await reported(plain({ data: { a: "1" } }))).toEqual(lacks("Secret", '"b"'));
    expect(await reported(external({ data: [{ secretKey: "b" }] }))).toEqual(
      lacks("ExternalSecret", '"a"'),
    );
    const renamed = external({ target: { name: "shop-keys" }, data: both });
    expect(
      await reported({ ...renamed, props: { ...renamed.props, metadata: { name: "x" } } }),
    ).toEqual([]);
  });

  it("counts unknown keys", async () => {
    expect(await reported(plain({ data: UNKNOWN }))).toEqual([]);
    expect(await reported(plain({ stringData: UNKNOWN }))).toEqual([]);
    expect(await reported(external({ data: UNKNOWN }))).toEqual([]);
  });
});

describe("runbook-audit-retention", () => {
  const as = shopWith({
    observability: { ...shop.observability, auditLogRetention: days(80) },
  });
  const reported = (one: Fixture, setting = as): Promise<readonly string[]> =>
    messages("runbook-audit-retention", [one], setting);
  const expected = 'the runbook "Shop Runbook" keeps audit logs for 80d.';
  const eks = (enabledClusterLogTypes: unknown): Fixture => ({
    type: "aws:eks/cluster:Cluster",
    name: "c",
    props: { enabledClusterLogTypes },
  });
  const group = (retentionInDays: unknown, name = "/aws/eks/shop/cluster"): Fixture => ({
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "g",
    props: { name, retentionInDays },
  });
  const bucket = (retentionDays: unknown): Fixture => ({
    type: "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    name: "b",
    props: { retentionDays },
  });

  it("requires the audit log, for the runbook's days", async () => {
    expect(await reported(eks(["api", "audit"]))).toEqual([]);
    expect(await reported(eks(["api"]))).toEqual([
      `Cluster "c": enabledClusterLogTypes is ["api"]; it must contain "audit": ${expected}`,
    ]);
    expect(await reported(eks(undefined))).toHaveLength(1);
    expect(await reported(group(80))).toEqual([]);
    expect(await reported(group(79))).toEqual([`LogGroup "g": retentionInDays is 79; ${expected}`]);
    expect(await reported(group(7, "shop-audit"))).toHaveLength(1);
    expect(await reported(bucket(80))).toEqual([]);
    expect(await reported(bucket(79))).toEqual([
      `ProjectBucketConfig "b": retentionDays is 79; ${expected}`,
    ]);
  });

  it("knows the defaults", async () => {
    expect(await reported(group(undefined))).toEqual([]);
    expect(await reported(group(0))).toEqual([]);
    expect(await reported(bucket(undefined))).toEqual([
      `ProjectBucketConfig "b": retentionDays is missing; ${expected}`,
    ]);
    const short = { ...shop.observability, auditLogRetention: hours(24 * 30) };
    expect(await reported(bucket(undefined), shopWith({ observability: short }))).toEqual([]);
  });

  it("does not apply to other logs, an unknown, or without a runbook entry", async () => {
    expect(await reported(group(7, "/aws/eks/shop/nodes"))).toEqual([]);
    expect(await reported(group(7, "shop"))).toEqual([]);
    expect(await reported(group(UNKNOWN))).toEqual([]);
    expect(await reported(eks(UNKNOWN))).toEqual([]);
    expect(await reported(group(7), shopWith({}))).toEqual([]);
  });
});
