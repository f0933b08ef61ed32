import { expect, it } from "vitest";
import { isDue, versionOf } from "./external-secrets";

const metadata = {
  ...{ name: "a", namespace: "b", uid: "c", generation: 2, resourceVersion: "9" },
  annotations: { d: "e" },
};
const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const secret = (refreshInterval: string, syncedResourceVersion: string) => ({
  ...{ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata },
  spec: { refreshInterval, secretStoreRef: { name: "f" } },
  status: { refreshTime: at(0).toISOString(), syncedResourceVersion },
});

it.each([
  ["after a change of its specification", "5m", "1-x", 1, true],
  ["not before its interval has passed", "5m", versionOf(metadata), 5, false],
  ["after its interval has passed", "5m", versionOf(metadata), 6, true],
  ["never again without an interval", "0", versionOf(metadata), 600, false],
])("is due %s", (_, interval, synced, minute, due) => {
  expect(isDue(secret(interval, synced), at(minute))).toBe(due);
});

it("is due after a change of its annotations", () => {
  const changed = { ...secret("5m", versionOf(metadata)) };
  const annotations = { d: "changed" };
  expect(isDue({ ...changed, metadata: { ...metadata, annotations } }, at(1))).toBe(true);
});
