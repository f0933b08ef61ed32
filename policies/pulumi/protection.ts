/** Protection of clusters and of resources that hold data. */
import type { CheckContext, Policy, Resource } from "../policy";
import { ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { isRestored } from "./restored";
import { STATEFUL, STATEFUL_OBJECTS } from "./stateful";

/** Unprotecting takes a separate change with an exemption, which the message names, or a restore. */
function evaluate(resource: Resource, context: CheckContext): void {
  if (resource.protect || isRestored(resource, context)) return;
  const exemption = `exempt resource "*::${resource.name}" from stateful-protected`;
  context.report(
    `${nameOf(resource)}: the option protect is false; production needs it to be true; for an intended deletion, ${exemption} until that day.`,
  );
}

/**
 * If deleted first, the data is gone before anyone knows whether the new resource works. The engine
 * refuses to replace protected resources, so there the option does no harm. A restore has the data elsewhere.
 */
function replaced(resource: Resource, context: CheckContext): void {
  if (resource.options?.deleteBeforeReplace !== true || resource.protect) return;
  if (isRestored(resource, context)) return;
  context.report(
    `${nameOf(resource)}: the option deleteBeforeReplace is true; leave it out, or protect the resource, so that the replacement exists before the data is deleted.`,
  );
}

const common = { severity: "critical", themes: ["recovery", "program"], needs: "program" } as const;
const DOCS = "https://www.pulumi.com/docs/iac/concepts/resources/options";

export const protection: readonly Policy[] = [
  {
    ...common,
    name: "stateful-protected",
    title: "Resources that hold data are protected",
    clause: { reference: "PO-02", url: `${DOCS}/protect/` },
    prevents: "A renamed resource or a mistaken destroy deletes the database with its data.",
    description:
      "In production, clusters and all resources that hold data, in the cloud or run by an operator in the cluster, are protected from deletion, except a Postgres that runstack:replace, with runstack:restoreFrom or runstack:replicaOf, replaces by another incarnation.",
    remediation:
      "Give the resource, or the component around it, the option protect: true; before an intended deletion, remove it in a separate change, with the exemption that the message names.",
    enforcement: ONLY_IN_PRODUCTION,
    check: { kind: "resource", types: [...STATEFUL, ...STATEFUL_OBJECTS], run: evaluate },
  },
  {
    ...common,
    name: "pulumi-replace-keeps-data",
    title: "Resources that hold data are replaced before they are deleted",
    clause: { reference: "PO-02", url: `${DOCS}/deletebeforereplace/` },
    severity: "high",
    prevents:
      "A change that replaces the database deletes it first, and then fails to create the new one.",
    description:
      "Clusters and all resources that hold data are not deleted before their replacement is created, unless they are protected, or are a Postgres that runstack:replace, with runstack:restoreFrom or runstack:replicaOf, replaces by another incarnation.",
    remediation:
      "Protect the resource, or leave out deleteBeforeReplace; if two cannot have the same name, use Pulumi's auto-naming, or move the data by hand as the runbook describes.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "resource", types: [...STATEFUL, ...STATEFUL_OBJECTS], run: replaced },
  },
];
