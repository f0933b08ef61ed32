import { describe, expect, it } from "vitest";
import { defaultName, deniedPackages, withPlugin } from "./providers";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

const provider = (name: string, pkg = "test"): string => urnOf(`pulumi:providers:${pkg}`, name);

describe("the name of a default provider", () => {
  it.each([
    ["", "", "default"],
    ["4.80.1", "", "default_4_80_1"],
    ["2.0.0-beta.1+build.5", "", "default_2_0_0_beta_1_build_5"],
    ["1.2.3", "https://example.com/x", "default_1_2_3_https___example.com_x"],
  ])("of version %j and address %j is %s", (version, url, name) => {
    expect(defaultName({ plugin: "test", version, url })).toBe(name);
  });

  it("uses the version of the parameterised package", () => {
    const parameterization = { name: "shaped", version: "0.5.0", value: "" };
    expect(defaultName({ plugin: "base", version: "3.1.0", url: "", parameterization })).toBe(
      "default_0_5_0",
    );
  });
});

describe("a provider's inputs", () => {
  it("keep non-configuration under an internal key", () => {
    expect(
      withPlugin({ region: "a" }, { plugin: "test", version: "1.0.0", url: "https://x" }),
    ).toEqual({
      region: "a",
      version: "1.0.0",
      __internal: { pluginDownloadURL: "https://x" },
    });
  });

  it("are disabled if configuration says so", () => {
    const config = (text: string): Parameters<typeof deniedPackages>[0] => ({
      values: { "pulumi:disable-default-providers": text },
      secretKeys: [],
    });
    expect(deniedPackages(config('["*"]'))).toEqual(["*"]);
    expect(deniedPackages(config(""))).toEqual([]);
    expect(() => deniedPackages(config("[1]"))).toThrow(
      'pulumi:disable-default-providers must be a list of package names, or of "*"',
    );
  });
});

describe("a program with many providers", () => {
  it("shares default providers by version and address, and passes them their configuration", async () => {
    const preview = await previewFixture({
      program: "providers.ts",
      config: "  test:region: nyc1\n  elsewhere:x: 1\n",
    });
    expect(errorsOf(preview)).toEqual([]);
    const used = ["a", "b", "c", "d", "e"].map((name) => resourceNamed(preview, name).provider);
    expect(used).toEqual([
      provider("default_1_2_3"),
      provider("default_1_2_3"),
      provider("default_2_0_0_beta_1_build_5"),
      provider("default"),
      provider("default_1_2_3_https___example.com_x"),
    ]);
    expect(resourceNamed(preview, "default_1_2_3").inputs).toEqual({
      region: "nyc1",
      version: "1.2.3",
    });
    expect(resourceNamed(preview, "default").inputs).toEqual({ region: "nyc1" });
  });

  it("uses explicit providers, also those inherited from a parent or a component", async () => {
    const preview = await previewFixture({
      program: "providers.ts",
      config: "  test:region: nyc1\n",
    });
    for (const name of ["owned", "child", "box-inner"]) {
      expect(resourceNamed(preview, name).provider).toBe(provider("explicit"));
    }
    expect(resourceNamed(preview, "box").provider).toBeNull();
    expect(resourceNamed(preview, "explicit").inputs).toEqual({
      region: "fra1",
      structured: { list: [1] },
      version: "9.8.7",
    });
  });

  it("reports each use of a disabled default provider", async () => {
    const preview = await previewFixture({
      program: "providers.ts",
      config: '  pulumi:disable-default-providers: ["test"]\n',
    });
    expect(errorsOf(preview)).toEqual(
      ["a", "b", "c", "d", "e"].map(
        (name) =>
          `Default provider for 'test' disabled. '${urnOf("test:index:Thing", name)}' must use an explicit provider.`,
      ),
    );
    expect(preview.failed).toBe(true);
  });
});
