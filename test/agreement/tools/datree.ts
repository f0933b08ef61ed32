/** datreeio/datree: `pkg/policy/tests/<number>/{pass,fail}/*.yaml`; the numbers have names in its default rules. */
import { join } from "node:path";
import { foldersIn, manifestsBelow, objectsOf, textOf, type Reader } from "../example";

const RULE = /^ *- id: (\d+)\n(?:.*\n)*? *uniqueName: "?([^"\n]+)/gm;

export const datree: Reader = (root) => {
  const rules = textOf(join(root, "pkg/defaultRules/defaultRules.yaml"));
  const names = new Map([...rules.matchAll(RULE)].map(([, id = "", name = ""]) => [id, name]));
  const folder = join(root, "pkg/policy/tests");
  return foldersIn(folder).flatMap((id) =>
    manifestsBelow(join(folder, id)).map((file) => ({
      check: names.get(id) ?? id,
      title: `${id}/${file}`,
      objects: objectsOf(join(folder, id, file)),
      isFault: file.startsWith("fail"),
    })),
  );
};
