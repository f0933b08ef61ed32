/** A policy pack's descriptions of its policies, for text reports. */
import { PolicySeverity, type AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { compare } from "./diagnostics";
import type { PolicyDescription } from "./plan";

const SEVERITIES: ReadonlyMap<PolicySeverity, PolicyDescription["severity"]> = new Map([
  [PolicySeverity.POLICY_SEVERITY_LOW, "low"],
  [PolicySeverity.POLICY_SEVERITY_MEDIUM, "medium"],
  [PolicySeverity.POLICY_SEVERITY_HIGH, "high"],
  [PolicySeverity.POLICY_SEVERITY_CRITICAL, "critical"],
]);

/** Sorted by name, independent of the pack's order. */
export function policyDescriptions(info: AnalyzerInfo): PolicyDescription[] {
  return info
    .getPoliciesList()
    .map((policy) => ({
      name: policy.getName(),
      title: policy.getDisplayname(),
      description: policy.getDescription(),
      remediation: policy.getRemediationSteps(),
      url: policy.getUrl(),
      severity: SEVERITIES.get(policy.getSeverity()) ?? ("" as const),
    }))
    .sort((a, b) => compare(a.name, b.name));
}
