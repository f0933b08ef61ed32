/**
 * zegl/kube-score: `score/testdata/*.yaml`; the file, check and grade are in the calls of its Go tests. Its options
 * and annotations that turn a check off are not read; where they decide, `differences.ts` says so.
 */
import { join } from "node:path";
import { namesIn, objectsOf, textOf, type Example, type Reader } from "../example";

const CALL =
  /"([^"]+\.ya?ml)"(?:(?!testExpected|\.ya?ml")[^])*?"([A-Z][^"]+)",\s*(?:scorecard\.Grade(\w+)|0\))/g;

export const kubeScore: Reader = (root) => {
  const folder = join(root, "score");
  const files = new Set(namesIn(join(folder, "testdata")));
  const examples = namesIn(folder)
    .filter((name) => name.endsWith("_test.go"))
    .flatMap((name) => [...textOf(join(folder, name)).matchAll(CALL)])
    .flatMap(([, named = "", check = "", grade]): readonly Example[] => {
      // Some tests run once a version: "cronjob-" + version + "-deadline-set.yaml".
      const file = named.startsWith("-") ? `cronjob-batchv1${named}` : named;
      if (!files.has(file)) return [];
      if (grade === undefined) return [];
      const isFault = grade === "Critical" || grade === "Warning";
      const objects = objectsOf(join(folder, "testdata", file));
      return [{ check, title: `${file} (${check})`, objects, isFault }];
    });
  return [...new Map(examples.map((one) => [`${one.title} ${String(one.isFault)}`, one])).values()];
};
