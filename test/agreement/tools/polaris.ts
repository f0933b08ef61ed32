/** FairwindsOps/polaris: `test/checks/<check>/{success,failure}*.yaml`. */
import { join } from "node:path";
import { foldersIn, manifestsBelow, objectsOf, type Reader } from "../example";

export const polaris: Reader = (root) => {
  const folder = join(root, "test/checks");
  return foldersIn(folder).flatMap((check) =>
    manifestsBelow(join(folder, check))
      .filter((name) => /^(success|failure)/.test(name))
      .map((name) => ({
        check,
        title: `${check}/${name}`,
        objects: objectsOf(join(folder, check, name)),
        isFault: name.startsWith("failure"),
      })),
  );
};
