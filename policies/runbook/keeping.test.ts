import { describe, expect, it } from "vitest";
import { days, hours } from "../../systems/units";
import { shop } from "../testing/system";
import { UNKNOWN, messages, secret, type Given } from "../testing";
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
  const said = (...given: readonly Given[]): Promise<readonly string[]> =>
    messages("runbook-secrets", given, as);
  const plain = (props: object, name: unknown = "shop-keys"): Given => ({
    type: "kubernetes:core/v1:Secret",
    name: "s",
    props: { metadata: { name, namespace: "shop" }, ...props },
  });
  const external = (spec: object): Given => ({
    type: "kubernetes:external-secrets.io/v1:ExternalSecret",
    name: "s",
    props: { metadata: { name: "shop-keys", namespace: "shop" }, spec },
  });
  const both = [{ secretKey: "a" }, { secretKey: "b" }];
  const lacks = (kind: string, what: string): readonly string[] => [
    `${kind} "shop/shop-keys" has no ${what}; the runbook's services read it there.`,
  ];

  it("accepts every way to make it", async () => {
    expect(await said(plain({ data: { a: "1" }, stringData: secret({ b: "2" }) }))).toEqual([]);
    expect(await said(external({ data: both }))).toEqual([]);
    expect(await said(external({ dataFrom: [{}] }))).toEqual([]);
    const sealed = { ...plain({}), type: "kubernetes:bitnami.com/v1alpha1:SealedSecret" };
    const props = { ...sealed.props, spec: { encryptedData: { a: "x", b: "y" } } };
    expect(await said({ ...sealed, props })).toEqual([]);
    expect(
      await said({ ...sealed, props: { ...props, spec: { encryptedData: { a: "x" } } } }),
    ).toEqual(lacks("SealedSecret", '"b"'));
  });

  it("names what is missing", async () => {
    const none =
      'The secret "shop-keys" is neither a Secret nor an ExternalSecret; the runbook "Shop Runbook" demands it (Secrets).';
    expect(await said()).toEqual([none]);
    expect(await said(plain({ data: { a: "1", b: "2" } }, "other"))).toEqual([none]);
    expect(await said(external({ target: { name: "other" }, data: both }))).toEqual([none]);
    expect(await said(plain({}))).toEqual(lacks("Secret", '"a", "b"'));
    expect(await said(plain({ data: { a: "1" } }))).toEqual(lacks("Secret", '"b"'));
    expect(await said(external({ data: [{ secretKey: "b" }] }))).toEqual(
      lacks("ExternalSecret", '"a"'),
    );
    const renamed = external({ target: { name: "shop-keys" }, data: both });
    expect(
      await said({ ...renamed, props: { ...renamed.props, metadata: { name: "x" } } }),
    ).toEqual([]);
  });

  it("leaves keys open that are not known yet", async () => {
    expect(await said(plain({ data: UNKNOWN }))).toEqual([]);
    expect(await said(plain({ stringData: UNKNOWN }))).toEqual([]);
    expect(await said(external({ data: UNKNOWN }))).toEqual([]);
  });
});

describe("runbook-audit-retention", () => {
  const as = shopWith({
    observability: { ...shop.observability, auditLogRetention: days(80) },
  });
  const said = (one: Given, setting = as): Promise<readonly string[]> =>
    messages("runbook-audit-retention", [one], setting);
  const wanted = 'the runbook "Shop Runbook" keeps audit logs for 80d.';
  const eks = (enabledClusterLogTypes: unknown): Given => ({
    type: "aws:eks/cluster:Cluster",
    name: "c",
    props: { enabledClusterLogTypes },
  });
  const group = (retentionInDays: unknown, name = "/aws/eks/shop/cluster"): Given => ({
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "g",
    props: { name, retentionInDays },
  });
  const bucket = (retentionDays: unknown): Given => ({
    type: "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    name: "b",
    props: { retentionDays },
  });

  it("wants the audit log, for the runbook's days", async () => {
    expect(await said(eks(["api", "audit"]))).toEqual([]);
    expect(await said(eks(["api"]))).toEqual([
      `Cluster "c": enabledClusterLogTypes is ["api"]; it must hold "audit": ${wanted}`,
    ]);
    expect(await said(eks(undefined))).toHaveLength(1);
    expect(await said(group(80))).toEqual([]);
    expect(await said(group(79))).toEqual([`LogGroup "g": retentionInDays is 79; ${wanted}`]);
    expect(await said(group(7, "shop-audit"))).toHaveLength(1);
    expect(await said(bucket(80))).toEqual([]);
    expect(await said(bucket(79))).toEqual([
      `ProjectBucketConfig "b": retentionDays is 79; ${wanted}`,
    ]);
  });

  it("knows what holds where nothing is written", async () => {
    expect(await said(group(undefined))).toEqual([]);
    expect(await said(group(0))).toEqual([]);
    expect(await said(bucket(undefined))).toEqual([
      `ProjectBucketConfig "b": retentionDays is missing; ${wanted}`,
    ]);
    const short = { ...shop.observability, auditLogRetention: hours(24 * 30) };
    expect(await said(bucket(undefined), shopWith({ observability: short }))).toEqual([]);
  });

  it("asks nothing of other logs, of an unknown, or without the runbook's word", async () => {
    expect(await said(group(7, "/aws/eks/shop/nodes"))).toEqual([]);
    expect(await said(group(7, "shop"))).toEqual([]);
    expect(await said(group(UNKNOWN))).toEqual([]);
    expect(await said(eks(UNKNOWN))).toEqual([]);
    expect(await said(group(7), shopWith({}))).toEqual([]);
  });
});
