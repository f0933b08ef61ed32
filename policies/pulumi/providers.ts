/** Providers: explicit and complete, independent of the machine. */
import { expectPresent } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../policy";

/** Packages whose default provider uses the machine's account, project or cluster. */
const REACHING: ReadonlySet<string> = new Set([
  "aws",
  "aws-native",
  "azure",
  "azure-native",
  "cloudflare",
  "digitalocean",
  "gcp",
  "google-native",
  "helm",
  "kubernetes",
]);

const PROVIDER = /::(?:[^:]*\$)?pulumi:providers:([^:]+)::(.+)$/;
/** The engine names its own providers `default`, with a version. */
const DEFAULT = /^default(_\d+_\d+_\d+.*)?$/;

function explicit(stack: Stack, context: CheckContext): void {
  const served = new Map<string, StackResource[]>();
  for (const resource of stack.resources) {
    const { provider } = resource;
    if (provider === undefined) continue;
    const same = served.get(provider);
    if (same === undefined) served.set(provider, [resource]);
    else same.push(resource);
  }
  for (const [urn, [first, ...others]] of served) {
    const [, name = "", called = ""] = PROVIDER.exec(urn) ?? [];
    if (first === undefined || !REACHING.has(name) || !DEFAULT.test(called)) continue;
    const users = others.length === 0 ? "uses" : `and ${others.length} more use`;
    context.report(
      `${nameOf(first)} ${users} the default provider of ${name}, which acts on whatever the machine is signed in to: create a provider and pass it to them, or to the component around them.`,
      first.urn,
    );
  }
}

/** Type key → the properties that a provider must set, and why. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "pulumi:providers:aws": { region: "set the region: without it the machine's profile decides" },
  "pulumi:providers:gcp": {
    project: "set the project: without it the machine's login decides",
    region: "set the region: regional resources need one",
  },
  "pulumi:providers:kubernetes": {
    kubeconfig:
      "set the cluster's kubeconfig, or its context: without either the machine's current context decides",
  },
};

/**
 * Objects that are only rendered need no cluster; a context may name a different cluster on each
 * machine.
 */
function needsNothing({ props }: StackResource): boolean {
  const named = props.get("context");
  return (
    !props.get("renderYamlToDirectory").isMissing || named.isUnknown || (named.string ?? "") !== ""
  );
}

function configured(stack: Stack, context: CheckContext): void {
  for (const [type, needed] of Object.entries(NEEDED)) {
    for (const resource of stack.of(type)) {
      if (DEFAULT.test(resource.name) || needsNothing(resource)) continue;
      for (const [key, expected] of Object.entries(needed)) {
        expectPresent({ resource, context }, resource.props.get(key), expected);
      }
    }
  }
}

const common = {
  themes: ["program"],
  needs: "program",
  enforcement: STRICT_IN_PRODUCTION,
} as const;
const DOCS = "https://www.pulumi.com/docs/iac/concepts/resources/options/provider/";

export const providers: readonly Policy[] = [
  {
    ...common,
    name: "pulumi-provider-explicit",
    title: "Resources use an explicit provider",
    clause: { reference: "PO-03; ALL-01", url: DOCS },
    severity: "critical",
    prevents: "Production is created in whichever account or cluster someone used last.",
    description:
      "No cloud or Kubernetes resource uses a default provider, which takes account, project and cluster from the machine.",
    remediation:
      "Create a provider with its region, project or kubeconfig, and pass it as the option provider, or as providers of the component around the resource.",
    check: { kind: "stack", run: explicit },
  },
  {
    ...common,
    name: "pulumi-provider-configured",
    title: "Providers set their region, project or cluster",
    clause: { reference: "PO-03; ALL-01", url: DOCS },
    severity: "high",
    prevents:
      "The same program deploys to another region or cluster when it runs on another machine.",
    description:
      "An AWS provider sets its region, a Google Cloud provider its project and region, and a Kubernetes provider its kubeconfig or its context.",
    remediation: "Set the property that the message names in the provider's arguments.",
    check: { kind: "stack", run: configured },
  },
];
