import { query } from "jsonpath-rfc9535";
import { describe, expect, it } from "vitest";
import { WAIT_UNTIL_WRITTEN } from "./written";

const [ready, written = ""] = JSON.parse(WAIT_UNTIL_WRITTEN) as string[];

const at = (second: number): string => `2026-03-01T10:00:${String(second).padStart(2, "0")}Z`;

/** An entry of `managedFields` as the API server writes it. */
const entry = (manager: string, operation: string, second: number, field: string) => ({
  manager,
  operation,
  apiVersion: "external-secrets.io/v1",
  time: at(second),
  fieldsType: "FieldsV1",
  fieldsV1: { [field]: {} },
  ...(field === "f:status" ? { subresource: "status" } : {}),
});
/** Since 4.29 the provider creates with POST and updates with server-side apply. */
const created = (second: number) => entry("pulumi-kubernetes", "Update", second, "f:spec");
const applied = (second: number) => entry("pulumi-kubernetes-1a2b3c4d", "Apply", second, "f:spec");
/** Written by the operator: a finalizer before it reads the store, the status afterwards. */
const operator = (second: number) => [
  entry("external-secrets", "Update", second, "f:metadata"),
  entry("external-secrets", "Update", second, "f:status"),
];

/** Works like the provider's `jsonpath.Parse` and `Matches`. */
function isMet(managedFields: ReturnType<typeof entry>[], refreshed?: number): boolean {
  const path = /^jsonpath=\{(.*)\}$/.exec(written)?.[1] ?? "";
  const refreshTime = refreshed === undefined ? {} : { refreshTime: at(refreshed) };
  const status = { conditions: [{ type: "Ready", status: "True" }], ...refreshTime };
  return query({ metadata: { managedFields }, status }, `$${path}`).length > 0;
}

describe("the condition that a Secret has been written", () => {
  it("checks for readiness, and has no single = in its path", () => {
    expect(ready).toBe("condition=Ready");
    expect(written.replace("jsonpath=", "").replaceAll("==", "")).not.toContain("=");
  });

  it("is met after the first read of a new object", () => {
    expect(isMet([created(10)])).toBe(false);
    expect(isMet([created(10), ...operator(12)], 11)).toBe(true);
    expect(isMet([created(10), ...operator(10)], 10)).toBe(true);
  });

  it("is met only after a read that follows the last change", () => {
    expect(isMet([applied(30), ...operator(12)], 11)).toBe(false);
    // Without server-side apply, an update is recorded like a creation.
    expect(isMet([created(30), ...operator(12)], 11)).toBe(false);
    expect(isMet([applied(30), ...operator(31)], 31)).toBe(true);
    expect(isMet([applied(30), ...operator(30)], 30)).toBe(true);
  });

  it("is not met for an older change by another writer of the spec", () => {
    const edited = entry("kubectl-edit", "Update", 10, "f:spec");
    expect(isMet([applied(30), edited, ...operator(12)], 11)).toBe(false);
    expect(isMet([applied(30), edited, ...operator(31)], 31)).toBe(true);
  });
});
