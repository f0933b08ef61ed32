/**
 * bridgecrewio/checkov: `tests/kubernetes/checks/example_<check>/*{PASSED,FAILED}*`, and graph checks with an
 * `expected.yaml` that names the resources.
 */
import { join } from "node:path";
import { parse } from "yaml";
import type { Manifest } from "../../../policies/manifests/resource";
import {
  foldersIn,
  list,
  manifestsBelow,
  namesIn,
  objectsOf,
  record,
  string,
  textOf,
  type Example,
  type Reader,
} from "../example";

export const checkov: Reader = (root) => {
  const checks = join(root, "tests/kubernetes/checks");
  const graph = join(root, "tests/kubernetes/graph/checks/resources");
  return [
    ...foldersIn(checks).flatMap((folder) => ofFolder(checks, folder)),
    ...foldersIn(graph).flatMap((folder) => ofGraph(join(graph, folder), folder)),
  ];
};

/** A folder is of one check; some are shared by checks whose tests name them. */
function ofFolder(checks: string, folder: string): readonly Example[] {
  const shared = namesIn(checks)
    .filter((name) => name.endsWith(".py") && textOf(join(checks, name)).includes(`/${folder}"`))
    .map((name) => name.replace(/^test_|\.py$/g, ""));
  const names = shared.length === 0 ? [folder.replace("example_", "")] : shared;
  return manifestsBelow(join(checks, folder))
    .filter((file) => /PASS|FAIL/i.test(file) && !/UNK|PASSESONE/i.test(file))
    .flatMap((file) => {
      const objects = objectsOf(join(checks, folder, file));
      const isFault = /FAIL/i.test(file);
      return names.map((check) => ({
        check,
        title: `${check}: ${folder}/${file}`,
        objects,
        isFault,
      }));
    });
}

/** Resources are named `Kind.namespace.name`, and a pod of a template `Pod.namespace.name.labels`. */
function ofGraph(folder: string, check: string): readonly Example[] {
  const expected = record(parse(textOf(join(folder, "expected.yaml"))));
  const objects = manifestsBelow(folder)
    .filter((file) => file !== "expected.yaml")
    .flatMap((file) => objectsOf(join(folder, file)));
  return ["pass", "fail"].flatMap((verdict) =>
    list(expected[verdict]).map((resource) => ({
      check,
      title: `graph ${check}: ${string(resource)}`,
      objects,
      isFault: verdict === "fail",
      about: (one: Manifest) => isNamed(one, string(resource)),
    })),
  );
}

function isNamed({ kind, name }: Manifest, resource: string): boolean {
  const [wanted, , ...rest] = resource.split(".");
  const own = rest.join(".");
  return wanted === "Pod"
    ? own === name || own.startsWith(`${name}.`)
    : wanted === kind && own === name;
}
