import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { NO_PLACE } from "../../reports/findings";
import { findFiles } from "./files";

describe("findFiles", () => {
  let cwd = "";
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "runstack-files-"));
  });
  const write = (...files: readonly string[]): void => {
    for (const file of files) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), "kind: Pod");
    }
  };
  const shown = (...paths: readonly string[]): readonly string[] =>
    findFiles(paths, cwd).files.map((file) => file.shown);

  it("takes manifests of a folder and its subfolders, sorted, without hidden ones", () => {
    write("b.yaml", "a.yml", "c.JSON", "d.txt", "yaml", "sub/z.yaml", "sub/deep/y.yaml");
    write(".hidden.yaml", ".github/w.yaml", "node_modules/p/x.yaml", "sub/node_modules/x.yaml");
    expect(shown(".")).toEqual(["a.yml", "b.yaml", "c.JSON", "sub/deep/y.yaml", "sub/z.yaml"]);
    expect(shown("./sub/")).toEqual(["sub/deep/y.yaml", "sub/z.yaml"]);
  });

  it("takes named files of any name, and standard input", () => {
    write("d.txt", ".hidden.yaml", "node_modules/x.yaml");
    const { files, errors } = findFiles(["d.txt", "-", ".hidden.yaml", "node_modules"], cwd);
    expect(errors).toEqual([]);
    expect(files).toEqual([
      { path: join(cwd, "d.txt"), shown: "d.txt", isNamed: true },
      { path: "-", shown: "stdin", isNamed: true },
      { path: join(cwd, ".hidden.yaml"), shown: ".hidden.yaml", isNamed: true },
      {
        path: join(cwd, "node_modules/x.yaml"),
        shown: "node_modules/x.yaml",
        isNamed: false,
      },
    ]);
  });

  it("shows absolute paths relative to the working directory, and others as they are", () => {
    write("in/a.yaml", "out/b.yaml");
    const { files } = findFiles([join(cwd, "in/a.yaml"), join(cwd, "out")], join(cwd, "in"));
    expect(files.map((file) => file.shown)).toEqual(["a.yaml", join(cwd, "out/b.yaml")]);
  });

  it("reads each file once, and stops at loops of links", () => {
    write("sub/a.yaml", "else/b.yaml");
    symlinkSync("..", join(cwd, "sub/up"));
    symlinkSync("a.yaml", join(cwd, "sub/again.yaml"));
    symlinkSync("../else", join(cwd, "sub/else"));
    expect(shown("sub", "sub/a.yaml")).toEqual(["sub/a.yaml", "sub/else/b.yaml"]);
  });

  it("skips the folder of a Helm chart", () => {
    write("deploy/a.yaml", "deploy/chart/Chart.yaml", "deploy/chart/templates/b.yaml");
    expect(findFiles(["deploy"], cwd)).toMatchObject({
      charts: [{ path: join(cwd, "deploy/chart"), shown: "deploy/chart" }],
    });
    expect(shown("deploy")).toEqual(["deploy/a.yaml"]);
    expect(shown("deploy/chart/templates")).toEqual(["deploy/chart/templates/b.yaml"]);
  });

  it("reports what cannot be read and continues", () => {
    write("a.yaml");
    symlinkSync("nowhere.yaml", join(cwd, "b.yaml"));
    symlinkSync("c.yaml", join(cwd, "c.yaml"));
    const { files, errors } = findFiles(["gone", "a.yaml/inside", "."], cwd);
    expect(files.map((file) => file.shown)).toEqual(["a.yaml"]);
    expect(errors).toEqual([
      { ...NO_PLACE, file: "gone", message: "cannot be read: there is no such file or folder" },
      {
        ...NO_PLACE,
        file: "a.yaml/inside",
        message: "cannot be read: a part of the path is not a folder",
      },
      { ...NO_PLACE, file: "b.yaml", message: "cannot be read: there is no such file or folder" },
      { ...NO_PLACE, file: "c.yaml", message: "cannot be read: its symbolic links form a loop" },
    ]);
  });
});
