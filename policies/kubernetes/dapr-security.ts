/** Dapr: mutual TLS, access control and component secrets. */
import { isNot, isWritten, rules } from "../rules";
import { suspicion } from "./credentials";
import { each, elements, expectEqual, type Check } from "../expect";
import { MEANT } from "../in-manifests";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../policy";

const CONFIGURATION = "kubernetes:dapr.io:Configuration";
const COMPONENT = "kubernetes:dapr.io:Component";
const DOCS = "https://docs.dapr.io/operations/";
/** The control plane's own Configuration has this name; services have others. */
const CONTROL_PLANE = "daprsystem";

/** By default every application may call every other. */
function callsAreDenied(check: Check): void {
  const { resource, context } = check;
  const name = resource.props.get("metadata", "name");
  if (context.noteUnknown(name) || name.string === CONTROL_PLANE) return;
  const action = resource.props.get("spec", "accessControl", "defaultAction");
  expectEqual(check, action, "deny", 'it must be "deny", with a policy for each caller');
}

/** Names of credentials in Dapr Components that are not obvious. */
const CREDENTIALS: readonly string[] = ["accesskey", "masterkey", "accountkey", "sastoken"];

function secretsAreReferences({ resource, context }: Check): void {
  for (const item of elements({ resource, context }, resource.props.get("spec", "metadata"))) {
    const name = item.get("name");
    const value = item.get("value");
    if (context.noteUnknown(name) || value.string === undefined) continue;
    const isCredential =
      CREDENTIALS.includes((name.string ?? "").toLowerCase()) && value.string !== "";
    const what = isCredential
      ? "a likely secret (by its name)"
      : suspicion(name.string ?? "", value.string);
    if (what === undefined) continue;
    // The value itself must not be shown.
    const message = `${nameOf(resource)}: ${value.path} holds ${what}; put it in a Secret and reference it with secretKeyRef.`;
    context.report({ message, at: value.keys }, resource.urn);
  }
}

const shared = { enforcement: STRICT_IN_PRODUCTION } as const;

export const daprSecurity: readonly Policy[] = [
  {
    ...shared,
    name: "dapr-mutual-tls",
    title: "Dapr uses mutual TLS",
    clause: { reference: "PO-03; ALL-12", url: `${DOCS}security/mtls/` },
    severity: "critical",
    themes: ["tls"],
    prevents: "Anyone on the network can read every call, and impersonate any service.",
    description: "No Dapr Configuration turns mutual TLS off.",
    remediation: "Set spec.mtls.enabled to true, or leave it out.",
    check: rules([CONFIGURATION], { "spec.mtls.enabled": isNot(false, "it must be true") }),
  },
  {
    ...shared,
    name: "dapr-access-denied",
    title: "Dapr denies calls by default",
    clause: { reference: "PO-03; ALL-05", url: `${DOCS}configuration/invoke-allowlist/` },
    severity: "high",
    themes: ["network"],
    prevents: "A compromised service can call every method of every other one.",
    description:
      "Every Dapr Configuration of an application denies calls that none of its policies allows.",
    remediation:
      "Set spec.accessControl.defaultAction to deny, and add a policy with the appId of each caller.",
    inManifests: MEANT,
    check: each([CONFIGURATION], callsAreDenied),
  },
  {
    ...shared,
    name: "dapr-component-secrets",
    title: "Dapr Components reference their secrets",
    clause: { reference: "PO-03; ALL-07", url: `${DOCS}components/component-secrets/` },
    severity: "critical",
    themes: ["secrets"],
    prevents: "Anyone who may read a Component can read the password of the database or broker.",
    description: "No metadata value of a Component looks like a secret, by its name or its format.",
    remediation: "Use secretKeyRef with the name and key of a Secret instead of value.",
    check: each([COMPONENT], secretsAreReferences),
  },
  {
    ...shared,
    name: "dapr-component-scopes",
    title: "Dapr Components are scoped to applications",
    clause: { reference: "PO-03", url: `${DOCS}components/component-scopes/` },
    severity: "medium",
    themes: ["network"],
    prevents: "Every application in the namespace can use the database or broker of any other.",
    description: "Every Component lists the applications that use it.",
    remediation: "Set scopes to the app IDs, next to spec.",
    inManifests: MEANT,
    check: rules([COMPONENT], {
      scopes: isWritten("list the IDs of the applications that use it"),
    }),
  },
];
