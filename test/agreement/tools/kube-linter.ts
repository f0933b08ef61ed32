/**
 * stackrox/kube-linter: `tests/checks/*.yaml`; the checks and the kinds that they report are in its end-to-end tests.
 * Names of objects say which are faults, where they begin with `fire` or `dont-fire`. What its Go tests construct in
 * code is not read.
 */
import { join } from "node:path";
import type { Manifest } from "../../../policies/manifests/resource";
import { objectsOf, textOf, type Example, type Reader } from "../example";

const TEST = /^@test "([^"]+)" \{\n([\s\S]*?)^\}/gm;
const FILE = /tmp="([^"]+)"/;
const REPORTED = /== "([A-Z]\w+)[: ]/g;
const FIRES = /^(fire|bad)/;
const NOT = /^(dont-?fire|dontfire|good|ok)/;

export const kubeLinter: Reader = (root) =>
  [...textOf(join(root, "e2etests/bats-tests.sh")).matchAll(TEST)].flatMap(
    ([, check = "", body = ""]) => {
      const file = FILE.exec(body)?.[1];
      if (file === undefined || !/\.ya?ml$/.test(file)) return [];
      const objects = objectsOf(join(root, file));
      const kinds = new Set([...body.matchAll(REPORTED)].map(([, kind = ""]) => kind));
      return [...ofKinds(check, file, objects, kinds), ...ofNames(check, file, objects)];
    },
  );

const ofKinds = (
  check: string,
  file: string,
  objects: readonly Manifest[],
  kinds: ReadonlySet<string>,
): readonly Example[] =>
  [...kinds].map((kind) => ({
    check,
    title: `${file} ${kind}`,
    objects,
    isFault: true,
    about: (one) => one.kind === kind,
  }));

const ofNames = (check: string, file: string, objects: readonly Manifest[]): readonly Example[] =>
  objects
    .filter(({ name }) => FIRES.test(name) || NOT.test(name))
    .map(({ kind, name }) => ({
      check,
      title: `${file} ${kind} ${name}`,
      objects,
      isFault: !NOT.test(name),
      about: (one) => one.kind === kind && one.name === name,
    }));
