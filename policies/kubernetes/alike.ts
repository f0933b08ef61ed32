/** Values that should be the same in several places, where one of them is a slip of the other. */
import type { Check } from "../expect";
import { ADVICE, finding, nameOf } from "../policy";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import type { Value } from "../values";
import { containersOf, podOf, type Pod } from "./objects";
import { HOLDERS, eachPod } from "./pods";

/** `registry/name` and what follows; undefined without a tag or a digest. */
function partsOf(image: string): readonly [name: string, version: string] | undefined {
  const match = /^(.*?)(@sha256:[0-9a-f]+|:[\w][\w.-]*)$/.exec(image);
  return match === null ? undefined : [match[1] ?? "", match[2] ?? ""];
}

interface Use {
  readonly resource: StackResource;
  readonly owner: string;
  readonly title: string;
  readonly image: Value;
  readonly name: string;
  readonly version: string;
}

const usesIn = (stack: Stack): readonly Use[] =>
  stack.of(...HOLDERS).flatMap((resource) =>
    containersOf(podOf(resource)).flatMap(({ title, value }) => {
      const image = value.get("image");
      const [name, version] = partsOf(image.string ?? "") ?? [];
      if (name === undefined || version === undefined) return [];
      return [{ resource, owner: nameOf(resource), title, image, name, version }];
    }),
  );

/** How many containers use a version of an image: all, those of objects of one name, or of one object. */
class Counts {
  private readonly counts = new Map<string, number>();
  /** Image → its versions, those first that most use. */
  readonly versions = new Map<string, string[]>();

  constructor(uses: readonly Use[]) {
    for (const { name, version, owner, resource } of uses) {
      const known = this.versions.get(name) ?? [];
      if (this.of(name, version) === 0) {
        known.push(version);
        this.versions.set(name, known);
      }
      for (const whose of ["", owner, resource.urn])
        this.counts.set(keyOf(name, version, whose), this.of(name, version, whose) + 1);
    }
    for (const [name, versions] of this.versions)
      versions.sort((one, other) => this.of(name, other) - this.of(name, one));
  }

  of(name: string, version: string, whose = ""): number {
    return this.counts.get(keyOf(name, version, whose)) ?? 0;
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join("\n");

function oneVersion(stack: Stack, context: CheckContext): void {
  const uses = usesIn(stack);
  const counts = new Counts(uses);
  for (const { resource, owner, title, image, name, version: own } of uses) {
    // Objects of the same name are variants of one, such as those of two examples.
    const others = (version: string): number =>
      counts.of(name, version) -
      counts.of(name, version, owner) +
      counts.of(name, version, resource.urn);
    if (others(own) > 1) continue;
    const usual = mostUsed(counts.versions.get(name) ?? [], others, (it) => counts.of(name, it));
    if (usual === own) continue;
    const expected = `other containers use ${JSON.stringify(usual)} of this image: use the same version`;
    context.report(finding(resource, image, expected, title), resource.urn);
  }
}

/** The first of those that as many use; `most` is a bound by which they are sorted. */
function mostUsed(
  versions: readonly string[],
  countOf: (version: string) => number,
  most: (version: string) => number,
): string {
  let best = { version: "", count: 0 };
  for (const version of versions) {
    if (most(version) <= best.count) break;
    const count = countOf(version);
    if (count > best.count) best = { version, count };
  }
  return best.version;
}

const PROBES = ["startupProbe", "livenessProbe", "readinessProbe"] as const;

/** Whether one has a character more than the other, or another one in its place. */
export function isSlip(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  const rest = [one.slice(start), other.slice(start)] as const;
  return (
    rest[0].slice(1) === rest[1].slice(1) ||
    rest[0].slice(1) === rest[1] ||
    rest[0] === rest[1].slice(1)
  );
}

function pathsAgree(check: Check, pod: Pod): void {
  for (const { title, value } of containersOf(pod, ["containers"])) {
    const paths = PROBES.map((probe) => value.get(probe, "httpGet", "path"));
    for (const path of paths) report(check, path, paths, title);
  }
}

/** Of two probes one is as right as the other, so only one is reported. Short paths may well differ by one character. */
const isTheOne = (own: string, near: string): boolean =>
  own.length > 4 && (own.length === near.length ? own > near : own.length > near.length);

function report(check: Check, path: Value, all: readonly Value[], title: string): void {
  const { string: own } = path;
  const others = all.flatMap(({ string }) => string ?? []);
  if (own === undefined || others.filter((other) => other === own).length > 1) return;
  const near = others.find((other) => isSlip(own, other));
  if (near === undefined) return;
  const count = others.filter((other) => other === near).length;
  if (others.length > 2 ? count < 2 : !isTheOne(own, near)) return;
  const which = count > 1 ? "the container's other probes use" : "the container's other probe uses";
  const expected = `${which} ${JSON.stringify(near)}: use the same path, if this is a slip`;
  check.context.report(finding(check.resource, path, expected, title));
}

export const alike: readonly Policy[] = [
  {
    name: "image-one-version",
    title: "A stack uses one version of an image",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    },
    severity: "low",
    themes: ["images"],
    prevents:
      "One container is left behind by an upgrade, or waits for a tag that nobody has pushed.",
    description:
      "A container uses the version of an image that most other containers use, unless several use the same other one.",
    remediation: "Use the same tag, or the same digest, for every container of that image.",
    enforcement: ADVICE,
    check: { kind: "stack", run: oneVersion },
  },
  {
    name: "probe-paths-alike",
    title: "Probe paths of a container have no slips",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    },
    severity: "medium",
    themes: ["availability"],
    prevents:
      "A container is restarted over and over, because one of its probes asks for a path that it does not serve.",
    description:
      "No probe of a container has a path that differs by one character from the path of its other probe, or of both others.",
    remediation: "Use the path that the program serves in all probes of the container.",
    enforcement: ADVICE,
    check: eachPod(pathsAgree),
  },
];
