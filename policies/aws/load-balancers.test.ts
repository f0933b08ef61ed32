import type * as lb from "@pulumi/aws/lb";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";

const balancer = (): Fixture => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "edge",
  props: {
    enableDeletionProtection: true,
    dropInvalidHeaderFields: true,
    accessLogs: { bucket: "logs", enabled: true },
  } satisfies lb.LoadBalancerArgs,
});
const listener = (): Fixture => ({
  type: "aws:lb/listener:Listener",
  name: "https",
  props: {
    loadBalancerArn: "arn:x",
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificateArn: "arn:y",
    defaultActions: [{ type: "forward" }],
  } satisfies lb.ListenerArgs,
});
const plain = (): Fixture => ({
  type: "aws:alb/listener:Listener",
  name: "http",
  props: {
    loadBalancerArn: "arn:x",
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }],
  } satisfies lb.ListenerArgs,
});

const MODERN = "older TLS versions are insecure: use ELBSecurityPolicy-TLS13-1-2-2021-06.";
testPolicy("aws-lb-listener-tls", {
  happy: () => [listener(), plain()],
  broken: [
    { at: ["sslPolicy"], says: `Listener "https": sslPolicy is missing; ${MODERN}` },
    ...[
      "ELBSecurityPolicy-2016-08",
      "ELBSecurityPolicy-TLS13-1-0-2021-06",
      "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
    ].map((to) => ({
      at: ["sslPolicy"],
      to,
      says: `Listener "https": sslPolicy is "${to}"; ${MODERN}`,
    })),
    { at: ["sslPolicy"], to: "ELBSecurityPolicy-FS-1-2-Res-2020-10", says: [] },
    {
      at: ["certificateArn"],
      says: 'Listener "https": certificateArn is missing; set it to the ARN of a certificate.',
    },
    {
      at: ["protocol"],
      to: "HTTP",
      says: 'Listener "https": defaultActions is [{"type":"forward"}]; plain HTTP may only redirect to HTTPS.',
    },
    { at: ["protocol"], to: "TCP", says: [] },
    { at: ["protocol"], to: "TLS", says: [] },
    {
      at: ["defaultActions"],
      of: 1,
      to: [],
      says: 'Listener "http": defaultActions is []; plain HTTP may only redirect to HTTPS.',
    },
    {
      at: ["defaultActions"],
      of: 1,
      to: [{ type: "redirect", redirect: {} }],
      says: 'Listener "http": defaultActions is [{"redirect":{},"type":"redirect"}]; plain HTTP may only redirect to HTTPS.',
    },
  ],
  unknown: [
    ["protocol"],
    ["sslPolicy"],
    [1, "defaultActions"],
    [1, "defaultActions", 0],
    [1, "defaultActions", 0, "type"],
    [1, "defaultActions", 0, "redirect", "protocol"],
  ],
});

testPolicy("aws-lb-deletion-protected", {
  happy: balancer,
  broken: [
    {
      at: ["enableDeletionProtection"],
      says: 'LoadBalancer "edge": enableDeletionProtection is missing; it must be true.',
    },
  ],
  unknown: [["enableDeletionProtection"]],
});

testPolicy("aws-lb-headers", {
  happy: balancer,
  broken: [
    {
      at: ["dropInvalidHeaderFields"],
      says: 'LoadBalancer "edge": dropInvalidHeaderFields is missing; it must be true.',
    },
    {
      at: ["desyncMitigationMode"],
      to: "monitor",
      says: 'LoadBalancer "edge": desyncMitigationMode is "monitor"; it must be "defensive" or "strictest".',
    },
    { at: ["desyncMitigationMode"], to: "strictest", says: [] },
  ],
  unknown: [["dropInvalidHeaderFields"], ["desyncMitigationMode"]],
});

testPolicy("aws-lb-access-logged", {
  happy: balancer,
  broken: [
    {
      at: ["accessLogs", "enabled"],
      says: 'LoadBalancer "edge": accessLogs.enabled is missing; it must be true.',
    },
    {
      at: ["accessLogs"],
      says: 'LoadBalancer "edge": accessLogs.enabled is missing; it must be true.',
    },
  ],
  unknown: [["accessLogs"]],
});

it("aws-lb-guarded requires a web ACL for public load balancers", async () => {
  const reported = (...fixture: readonly Fixture[]) => messages("aws-lb-guarded", fixture);
  const list: Fixture = {
    type: "aws:wafv2/webAclAssociation:WebAclAssociation",
    name: "its",
    props: { resourceArn: UNKNOWN },
    propertyDependencies: { resourceArn: [urnOf(balancer())] },
  };
  expect(await reported(balancer(), list)).toEqual([]);
  expect(await reported(balancer())).toEqual([
    'LoadBalancer "edge" has no WebAclAssociation; add one, with a WebAcl that limits the request rate.',
  ]);
  expect(await reported(broken(balancer(), ["internal"], true))).toEqual([]);
  expect(await reported(broken(balancer(), ["loadBalancerType"], "network"))).toEqual([]);
  const network = broken(balancer(), ["loadBalancerType"], "network");
  const bare = broken(network, ["dropInvalidHeaderFields"]);
  expect(await messages("aws-lb-headers", [bare])).toEqual([]);
});

it("rules that depend on a load balancer's type, or exposure, count it if unknown", async () => {
  const bare = { ...balancer(), props: {} };
  for (const key of ["loadBalancerType", "internal"]) {
    const fixture = broken(bare, [key], UNKNOWN);
    expect(await messages("aws-lb-guarded", [fixture])).toEqual([]);
  }
  expect(await messages("aws-lb-headers", [broken(bare, ["loadBalancerType"], UNKNOWN)])).toEqual(
    [],
  );
  const stray: Fixture = {
    type: "aws:wafv2/webAclAssociation:WebAclAssociation",
    name: "wall",
    props: { resourceArn: UNKNOWN },
  };
  expect(await messages("aws-lb-guarded", [bare, stray])).toEqual([]);
});
