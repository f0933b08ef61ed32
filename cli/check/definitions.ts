/** The CustomResourceDefinitions that `--crds` names. */
import { readFileSync } from "node:fs";
import { reasonOf, textIn } from "../../lib/reading";
import { isDefinition } from "../../policies/kubernetes/api/custom/definitions";
import { placeText } from "../../reports/findings";
import { UsageError } from "../options";
import { findFiles } from "./files";
import { readSource, type Contents } from "./read";

/** @throws UsageError if a file cannot be read, or none holds a definition. */
export function definitionsIn(path: string, cwd: string): readonly object[] {
  const { files, errors } = findFiles([path], cwd);
  const contents = files.map((file) => read(file.path, file.shown, file.isNamed, path));
  const problem = [...errors, ...contents.flatMap((one) => one.errors)][0];
  if (problem !== undefined) {
    throw new UsageError(`--crds ${path}: ${placeText(problem)}: ${problem.message}.`);
  }
  const found = contents
    .flatMap(({ objects }) => objects.map(({ object }) => object))
    .filter(isDefinition);
  if (found.length > 0) return found;
  throw new UsageError(
    `--crds ${path} holds no CustomResourceDefinition of apiextensions.k8s.io/v1 with a schema; name a file or a folder that does.`,
  );
}

function read(path: string, shown: string, isNamed: boolean, given: string): Contents {
  try {
    return readSource({ file: shown, text: textIn(readFileSync(path)), isNamed });
  } catch (error) {
    throw new UsageError(`--crds ${given}: ${shown} cannot be read: ${reasonOf(error)}.`);
  }
}
