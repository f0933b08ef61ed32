import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBinaries, findBinary, versionsOf } from "./binaries";
import { buildMissing } from "./build";
import { cachedPath, linkerFlags, versionOf } from "./modules";
import { PROGRAM_NAMES, PROGRAMS } from "./programs";

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runstack-tools-"));
  env = {
    KUBEBUILDER_ASSETS: join(root, "assets"),
    PATH: [join(root, "node_modules", ".bin"), join(root, "bin")].join(delimiter),
    XDG_CACHE_HOME: join(root, "cache"),
  };
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** @returns its path */
function install(path: string, script = "exit 0", mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, mode);
  return path;
}

describe("findBinary", () => {
  it("prefers the folder of envtest to the PATH, and the PATH to what was built", () => {
    expect(findBinary("etcd", env)).toBeUndefined();
    const built = install(cachedPath("etcd", env));
    expect(findBinary("etcd", env)).toBe(built);
    const onPath = install(join(root, "bin", "etcd"));
    expect(findBinary("etcd", env)).toBe(onPath);
    const asset = install(join(root, "assets", "etcd"));
    expect(findBinary("etcd", env)).toBe(asset);
  });

  it("passes over npm's own pulumi, folders, and what cannot be run", () => {
    install(join(root, "node_modules", ".bin", "pulumi"));
    install(join(root, "bin", "etcd"), "", 0o644);
    mkdirSync(join(root, "bin", "kwok"));
    expect(PROGRAM_NAMES.map((name) => findBinary(name, env))).toEqual(
      PROGRAM_NAMES.map(() => undefined),
    );
  });
});

describe("findBinaries", () => {
  it("says which are missing, where it looked and how to get them", () => {
    install(join(root, "bin", "kwok"));
    expect(() => findBinaries(env, ["kwok", "etcd"])).toThrow(
      "Missing: etcd (v3.7.3). Neither the folder KUBEBUILDER_ASSETS, the PATH nor the cache has it. " +
        "`npm run -s tools` builds what is missing from source; it needs Go.",
    );
  });

  it("says what each program says of its version", () => {
    const etcd = install(join(root, "bin", "etcd"), "echo etcd Version: 9.8.7");
    const kubernetesProvider = install(join(root, "bin", "pulumi-resource-kubernetes"));
    expect(versionsOf({ etcd, kubernetesProvider })).toEqual({ etcd: "9.8.7" });
  });
});

describe("the modules", () => {
  it("fix a version of each program", () => {
    expect(PROGRAM_NAMES.map((name) => `${name} ${versionOf(PROGRAMS[name])}`)).toEqual([
      "etcd v3.7.3",
      "kwok v0.8.0",
      "apiServer v1.37.2",
      "controllerManager v1.37.2",
      "scheduler v1.37.2",
      "kubectl v1.37.2",
      "pulumi v3.274.1",
      "kubernetesProvider v4.0.0-20260115033456-f47bc2d6f199",
    ]);
  });

  it("tell a program its version where its source does not have it", () => {
    expect(linkerFlags(PROGRAMS.etcd)).toBe("-s -w");
    expect(linkerFlags(PROGRAMS.pulumi)).toBe(
      "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.274.1",
    );
  });

  it("keep programs of one module in one folder, apart from those of others", () => {
    const folderOf = (name: keyof typeof PROGRAMS) => dirname(cachedPath(name, env));
    expect(folderOf("scheduler")).toBe(folderOf("kubectl"));
    expect(folderOf("scheduler")).not.toBe(folderOf("etcd"));
    expect(folderOf("etcd")).toMatch(/\/cache\/runstack\/tools\/etcd-[0-9a-f]{16}$/u);
  });
});

describe("buildMissing", () => {
  const GO = `while [ "$1" != -o ]; do shift; done; echo "echo built" > "$2"; chmod 755 "$2"`;

  it("builds what is nowhere, and nothing else", async () => {
    install(join(root, "bin", "go"), GO);
    install(join(root, "bin", "kwok"));
    const path = [join(root, "bin"), "/usr/bin", "/bin"].join(delimiter);
    const said: string[] = [];
    const given = { ...env, PATH: path };
    await buildMissing({ names: ["etcd", "kwok"], env: given, say: (line) => said.push(line) });
    expect(findBinary("etcd", given)).toBe(cachedPath("etcd", env));
    expect(said).toEqual([
      "etcd v3.7.3: building, which takes 1 min of one processor",
      expect.stringMatching(/^etcd v3\.7\.3: built in \d+ s, .*\/etcd$/u),
    ]);
  });

  it("says what Go says, and that Go is missing", async () => {
    const build = () => buildMissing({ names: ["etcd"], env, say: () => undefined });
    await expect(build()).rejects.toThrow(/^Go cannot be started .*Install it from /u);
    install(join(root, "bin", "go"), "echo no such version >&2; exit 1");
    await expect(build()).rejects.toThrow(/failed in .*etcd:\nno such version/u);
    expect(findBinary("etcd", env)).toBeUndefined();
  });
});
