import { describe, expect, it } from "vitest";
import { CHARTS, type ChartVersion } from "../../versions";
import { chartSource, installChart } from "./chart";
import { inputsOf, register } from "./testing";

const classic: ChartVersion = {
  repository: "https://charts.example.org",
  chart: "thing",
  version: "4.5.6",
  app: "1.2.3",
};
const oci: ChartVersion = { ...classic, repository: "oci://r.example.org/charts/thing" };

describe("a chart's source", () => {
  it.each([
    [
      "a repository",
      classic,
      undefined,
      { chart: "thing", repositoryOpts: { repo: "https://charts.example.org" } },
    ],
    ["a registry", oci, undefined, { chart: "oci://r.example.org/charts/thing" }],
    [
      "a mirror",
      classic,
      "oci://mirror.example.org/all/",
      { chart: "oci://mirror.example.org/all/thing" },
    ],
    [
      "a mirror of a registry",
      oci,
      "oci://mirror.example.org",
      { chart: "oci://mirror.example.org/thing" },
    ],
  ] as const)("is %s", (_what, version, mirror, expected) => {
    expect(chartSource(version, mirror)).toEqual(expected);
  });

  it("is pinned for every chart: an exact version, from an encrypted source", () => {
    for (const { repository, version } of Object.values(CHARTS)) {
      expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(repository).toMatch(/^(https|oci):\/\//);
    }
  });
});

describe("an installed chart", () => {
  it("is atomic, waits until it is ready and creates no namespace", async () => {
    const { resources } = await register((options) =>
      installChart(
        "it",
        {
          version: classic,
          releaseName: "the-thing",
          namespace: "app",
          values: { a: 1 },
          mirror: undefined,
          timeout: 77,
        },
        options,
      ),
    );
    expect(inputsOf(resources, "it")).toMatchObject({
      name: "the-thing",
      namespace: "app",
      chart: "thing",
      version: "4.5.6",
      repositoryOpts: { repo: "https://charts.example.org" },
      values: { a: 1 },
      atomic: true,
      cleanupOnFail: true,
      createNamespace: false,
      maxHistory: 5,
      skipAwait: false,
      timeout: 77,
      waitForJobs: true,
    });
  });
});
