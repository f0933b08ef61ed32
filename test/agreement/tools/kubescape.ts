/** kubescape/regolibrary: `rules/<rule>/test/<case>/input/*`, and the objects that are reported in `expected.json`. */
import { join } from "node:path";
import type { Manifest } from "../../../policies/manifests/resource";
import {
  foldersIn,
  list,
  manifestsBelow,
  objectsOf,
  record,
  string,
  textOf,
  type Example,
  type Reader,
} from "../example";

export const kubescape: Reader = (root) => {
  const rules = join(root, "rules");
  return foldersIn(rules).flatMap((check) =>
    foldersIn(join(rules, check, "test")).flatMap((name) =>
      ofCase(check, `${check}/${name}`, join(rules, check, "test", name)),
    ),
  );
};

interface Reported {
  readonly kind: string;
  readonly name: string;
}

function ofCase(check: string, title: string, folder: string): readonly Example[] {
  const input = join(folder, "input");
  const objects = manifestsBelow(input).flatMap((file) => objectsOf(join(input, file)));
  if (objects.length === 0) return [];
  const alerts = alertsOf(join(folder, "expected.json"));
  if (alerts === undefined) return [];
  if (alerts.length === 0) return [{ check, title, objects, isFault: false }];
  const reported = alerts.flatMap((alert) => alert ?? []);
  // About a subject of several objects rather than about an object.
  if (alerts.includes(undefined)) return [{ check, title, objects, isFault: true }];
  const kinds = new Set(reported.map(({ kind }) => kind));
  return objects
    .filter(({ kind }) => kinds.has(kind))
    .map((object) => ({
      check,
      title: `${title} ${object.kind} ${object.name}`,
      objects,
      isFault: reported.some((one) => is(object, one)),
      about: (one) => is(one, object),
    }));
}

const is = (one: Manifest, { kind, name }: Reported): boolean =>
  one.kind === kind && one.name === name;

/** The objects of each alert, undefined for one about something else; undefined if there is no such file. */
function alertsOf(file: string): readonly (readonly Reported[] | undefined)[] | undefined {
  try {
    return list(JSON.parse(textOf(file))).map((alert) => {
      const objects = list(record(record(alert).alertObject).k8sApiObjects);
      return objects.length === 0
        ? undefined
        : objects.map((one) => {
            const { kind, metadata } = record(one);
            return { kind: string(kind), name: string(record(metadata).name) };
          });
    });
  } catch {
    return undefined;
  }
}
