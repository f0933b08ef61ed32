/** kyverno/policies: `kyverno-test.yaml` lists, for a policy's rule, resources that pass and that fail. */
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "../../../policies/manifests/resource";
import {
  list,
  manifestsBelow,
  objectsOf,
  record,
  string,
  textOf,
  type Data,
  type Example,
  type Reader,
} from "../example";
import { existsSync } from "node:fs";

/** The same policies in other languages, with the same resources; and those that change or create objects. */
const AGAIN = /^[^/]*-(cel|vpol|mpol|gpol|dpol)\//;

export const kyverno: Reader = (root) =>
  manifestsBelow(root)
    .filter((file) => file.endsWith("kyverno-test.yaml") && !AGAIN.test(file))
    .flatMap((file) => {
      const documents = parseAllDocuments(textOf(join(root, file)));
      return documents.flatMap((one) => ofTest(root, file, record(one.toJS())));
    });

function ofTest(root: string, file: string, test: Data): readonly Example[] {
  const folder = join(root, dirname(file));
  const objects = list(test.resources)
    .map((name) => join(folder, string(name)))
    .filter((name) => existsSync(name))
    .flatMap((name) => objectsOf(name));
  const examples = list(test.results).flatMap((result) => ofResult(file, objects, record(result)));
  return [...new Map(examples.map((one) => [`${one.title} ${String(one.isFault)}`, one])).values()];
}

function ofResult(file: string, objects: readonly Manifest[], result: Data): readonly Example[] {
  const verdict = string(result.result ?? result.status);
  const isChange = ["patchedResources", "patchedResource", "generatedResource"].some(
    (key) => key in result,
  );
  if (isChange || (verdict !== "pass" && verdict !== "fail")) return [];
  // Rules of one policy are different checks.
  const check = `${string(result.policy)}/${string(result.rule)}`;
  const kind = string(result.kind);
  const named = result.resources === undefined ? [result.resource] : list(result.resources);
  return named.map((resource) => {
    const own = string(resource).split("/").at(-1) ?? "";
    const isOne = (one: Manifest): boolean =>
      one.name === own && (kind === "" || one.kind === kind);
    return {
      check,
      title: `${dirname(dirname(file))} ${string(result.rule)} ${kind} ${own}`,
      objects,
      isFault: verdict === "fail",
      about: isOne,
    };
  });
}
