/**
 * Load balancers that the program creates itself; those of a controller in a cluster are not
 * resources here.
 */
import { is, isMissingOr, rules, where } from "../rules";
import { each, expectPresent, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import type { Value } from "../values";
import { Relations } from "../relations";
import { aws } from "../tokens";
import { LISTENERS, LOAD_BALANCERS } from "./tokens";

const WAF = aws("wafv2", "WebAclAssociation");

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["tls", "aws"] } as const;

/** Application load balancers are the default. */
function isApplication(check: Check): boolean {
  const type = check.resource.props.get("loadBalancerType");
  return knows(check, type) && (type.string ?? "application") === "application";
}

const redirects = ([type, protocol]: readonly [Value, Value]): boolean =>
  type.string === "redirect" && (protocol.string ?? "#{protocol}") === "HTTPS";

/** TLS 1.2 or 1.3 only; the default policy is from 2016 and allows 1.0. */
const isModern = ({ string = "" }: Value): boolean =>
  /^ELBSecurityPolicy-(TLS13-1-[23]-|FS-1-2-|TLS-1-2-)/.test(string) &&
  !/TLS-1-2-Ext-2018/.test(string);

function listenerSafe(check: Check): void {
  const { props } = check.resource;
  const protocol = props.get("protocol");
  if (check.context.noteUnknown(protocol)) return;
  // The default protocol is HTTP, unless the load balancer is of another type.
  if (protocol.string === "HTTP") {
    const actions = props.get("defaultActions");
    const done = actions
      .list()
      .map((it) => [it.get("type"), it.get("redirect", "protocol")] as const);
    const isRight = (): boolean => done.length > 0 && done.every(redirects);
    if (knows(check, ...done.flat())) {
      expectThat(check, actions, isRight, "plain HTTP may only redirect to HTTPS");
    }
  }
  if (protocol.string !== "HTTPS" && protocol.string !== "TLS") return;
  const expected = "older TLS versions are insecure: use ELBSecurityPolicy-TLS13-1-2-2021-06";
  expectThat(check, props.get("sslPolicy"), isModern, expected);
  expectPresent(check, props.get("certificateArn"), "set it to the ARN of a certificate");
}

function runSafely(stack: Stack, context: CheckContext): void {
  const to = stack.of(...LOAD_BALANCERS);
  const associations = new Relations({ from: stack.of(WAF), by: "resourceArn", to });
  for (const balancer of to) {
    const check = { resource: balancer, context };
    const internal = balancer.props.get("internal");
    if (internal.boolean === true || !knows(check, internal) || !isApplication(check)) continue;
    if (associations.of(balancer).length > 0 || associations.mayBeMore(balancer, context)) continue;
    context.report(
      `${nameOf(balancer)} has no WebAclAssociation; add one, with a WebAcl that limits the request rate.`,
      balancer.urn,
    );
  }
}

export const loadBalancers: readonly Policy[] = [
  {
    ...strict,
    name: "aws-lb-listener-tls",
    title: "Load balancers use TLS 1.2 or newer",
    clause: {
      reference: "PO-03; ALL-06; CKV_AWS_2; CKV_AWS_103; CKV2_AWS_20; CKV2_AWS_74; ELB.1; ELB.17",
      url: CONTROLS,
    },
    severity: "high",
    prevents:
      "Passwords cross the internet in plain text, or over a TLS version that can be broken.",
    description: "Listeners use TLS 1.2 or newer, and HTTP redirects to HTTPS.",
    remediation:
      "Set protocol to HTTPS, sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 and certificateArn; redirect HTTP listeners.",
    check: each(LISTENERS, listenerSafe),
  },
  {
    ...strict,
    name: "aws-lb-deletion-protected",
    title: "Production load balancers have deletion protection",
    clause: { reference: "PO-02; CKV_AWS_150; ELB.6", url: CONTROLS },
    severity: "medium",
    themes: ["availability", "aws"],
    prevents: "One wrong plan deletes the load balancer, and its DNS name with it.",
    description: "In production, every load balancer has deletion protection.",
    remediation: "Set enableDeletionProtection to true.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules(LOAD_BALANCERS, { enableDeletionProtection: is(true) }),
  },
  {
    ...strict,
    name: "aws-lb-headers",
    title: "Load balancers reject malformed requests",
    clause: { reference: "PO-03; CKV_AWS_131; CKV_AWS_328; ELB.4; ELB.12", url: CONTROLS },
    severity: "medium",
    themes: ["network", "aws"],
    prevents: "One request is smuggled inside another, past every check at the edge.",
    description: "Application load balancers drop invalid headers and mitigate request smuggling.",
    remediation: "Set dropInvalidHeaderFields to true and leave desyncMitigationMode out.",
    check: rules(where(LOAD_BALANCERS, isApplication), {
      dropInvalidHeaderFields: is(true),
      desyncMitigationMode: isMissingOr(
        ({ string }) => string === "defensive" || string === "strictest",
        'it must be "defensive" or "strictest"',
      ),
    }),
  },
  {
    ...strict,
    name: "aws-lb-access-logged",
    title: "Load balancers write access logs",
    clause: { reference: "PO-03; CKV_AWS_91; CKV_AWS_92; ELB.5", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "aws"],
    prevents: "After an attack nobody can tell what was requested.",
    description: "Every load balancer writes an access log.",
    remediation: "Set accessLogs to { bucket, enabled: true }.",
    check: rules(LOAD_BALANCERS, { "accessLogs.enabled": is(true) }),
  },
  {
    ...strict,
    name: "aws-lb-guarded",
    title: "Public load balancers have a web ACL",
    clause: { reference: "PO-03; ALL-06; CKV2_AWS_28; ELB.16", url: CONTROLS },
    severity: "medium",
    enforcement: ADVICE,
    themes: ["network", "aws"],
    prevents: "A flood of requests reaches the pods.",
    description: "Every public application load balancer has a WAF web ACL.",
    remediation: "Add a WebAcl with a rate limit, and a WebAclAssociation.",
    check: { kind: "stack", run: runSafely },
  },
];
