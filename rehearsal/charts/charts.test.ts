import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CHARTS } from "../../versions";
import { customKind, definitions } from "./definitions";
import { packagesFor } from "./packages";
import { serveCharts } from "./registry";
import { withoutChart } from "./stand-in";

const KEDA = { chart: CHARTS.keda.chart, version: "2.20.2+a1" };
const SCALED = { group: "keda.sh", version: "v1alpha1", kind: "ScaledObject", namespaced: true };
const POLICY = {
  ...{ group: "gateway.networking.k8s.io", version: "v1", kind: "BackendTLSPolicy" },
  namespaced: false,
};

describe("customKind", () => {
  it.each([
    ["kubernetes:keda.sh/v1alpha1:ScaledObject", SCALED],
    ["kubernetes:apps/v1:Deployment", undefined],
    ["kubernetes:core/v1:Secret", undefined],
    ["kubernetes:rbac.authorization.k8s.io/v1:Role", undefined],
    ["kubernetes:helm.sh/v3:Release", undefined],
    ["aws:rds/instance:Instance", undefined],
  ])("of %s", (type, expected) => {
    expect(customKind(type, true)).toEqual(expected);
  });

  it("takes the Gateway API for what it is: no part of Kubernetes", () => {
    expect(customKind("kubernetes:gateway.networking.k8s.io/v1:Gateway", true)?.kind).toBe(
      "Gateway",
    );
  });
});

interface Definition {
  readonly metadata: { readonly name: string; readonly annotations?: object };
  readonly spec: {
    readonly scope: string;
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}

describe("definitions", () => {
  const [scaled, policy] = definitions([
    SCALED,
    POLICY,
    { ...SCALED, version: "v1" },
  ]) as readonly Definition[];

  it("have all versions of a kind, one of which is stored", () => {
    expect(scaled?.metadata.name).toBe("scaledobjects.keda.sh");
    expect(scaled?.spec.versions.map(({ name, storage }) => [name, storage])).toEqual([
      ["v1", false],
      ["v1alpha1", true],
    ]);
  });

  it("form plurals as Kubernetes does, and have what its own groups ask for", () => {
    expect(policy?.metadata.name).toBe("backendtlspolicies.gateway.networking.k8s.io");
    expect(policy?.metadata.annotations).toHaveProperty(["api-approved.kubernetes.io"]);
    expect(policy?.spec.scope).toBe("Cluster");
    expect(scaled?.metadata.annotations).toBeUndefined();
  });
});

it("withoutChart leaves what no chart of the stack brings", () => {
  expect(withoutChart([SCALED, POLICY], [KEDA])).toEqual([POLICY]);
});

describe("the registry", () => {
  it("serves a chart as Helm pulls it: tag, manifest, archive", async () => {
    const registry = await serveCharts();
    try {
      const { packages, standIns } = packagesFor([KEDA], [SCALED, POLICY], undefined);
      expect(standIns).toEqual([KEDA]);
      for (const one of packages) registry.add(one);
      const base = registry.mirror.replace("oci://", "http://").replace(/\/charts$/u, "/v2");
      const repository = `${base}/charts/${KEDA.chart}`;
      expect(await (await fetch(`${repository}/tags/list`)).json()).toMatchObject({
        tags: ["2.20.2_a1"],
      });
      const manifest = (await (await fetch(`${repository}/manifests/2.20.2_a1`)).json()) as {
        readonly layers: readonly { readonly digest: string }[];
      };
      const blob = await fetch(`${repository}/blobs/${manifest.layers[0]?.digest ?? ""}`);
      const text = gunzipSync(Buffer.from(await blob.arrayBuffer())).toString();
      expect(text).toContain("scaledobjects.keda.sh");
      expect(text).not.toContain("backendtlspolicies");
      expect((await fetch(`${repository}/manifests/1.0.0`)).status).toBe(404);
    } finally {
      await registry.close();
    }
  });
});
