import { describe, expect, it } from "vitest";
import { broken, container, deployment } from "../testing/fixtures";
import { UNKNOWN, messages } from "../testing";
import type { Key } from "../values";

const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
const INIT: readonly Key[] = ["spec", "template", "spec", "initContainers", 0];
const API = 'Deployment "shop/orders", container "api": spec.template.spec.containers[0]';

describe("container-probes", () => {
  const wanted = "write a probe with httpGet, tcpSocket, grpc or exec.";

  it("accepts both probes, and init containers without any", async () => {
    const given = broken(broken(deployment(), [...INIT, "readinessProbe"]), [
      ...INIT,
      "livenessProbe",
    ]);
    expect(await messages("container-probes", [given])).toEqual([]);
  });

  it.each(["readinessProbe", "livenessProbe"])("wants a %s", async (probe) => {
    const given = broken(deployment(), [...CONTAINER, probe]);
    expect(await messages("container-probes", [given])).toEqual([
      `${API}.${probe} is missing; ${wanted}`,
    ]);
  });

  it("asks nothing of a helper without ports beside a container that answers", async () => {
    const path = ["spec", "template", "spec", "containers"];
    const { readinessProbe, livenessProbe, ...helper } = container("helper");
    expect([readinessProbe, livenessProbe]).not.toContain(undefined);
    const beside = (more: object) =>
      broken(deployment(), path, [container("api"), { ...helper, ...more }]);
    expect(await messages("container-probes", [beside({})])).toEqual([]);
    expect(
      (await messages("container-probes", [beside({ ports: [{ containerPort: 81 }] })])).length,
    ).toBe(2);
  });

  it("leaves an unknown probe open", async () => {
    const given = broken(deployment(), [...CONTAINER, "livenessProbe"], UNKNOWN);
    expect(await messages("container-probes", [given])).toEqual([]);
  });

  it("asks nothing of what does not serve for ever", async () => {
    const job = { ...deployment(), type: "kubernetes:batch/v1:Job" };
    expect(
      await messages("container-probes", [broken(job, [...CONTAINER, "livenessProbe"])]),
    ).toEqual([]);
  });
});
