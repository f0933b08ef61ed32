/** Container images: pinning, pull policy and pull secrets. */
import { elements, type Check } from "../expect";
import { expectThat, expectOneOf, expectNot } from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf, listSetting } from "../policy";
import type { Value } from "../values";
import { inCluster, namespaceOf, podOf } from "./objects";
import { HOLDERS, eachContainer } from "./pods";

/** Tags that move with each build. */
const MOVING = ["latest", "main", "master", "edge", "nightly", "canary", "dev", "develop"];

/** The algorithms that the OCI image specification registers, with the digits of each. */
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|blake3:[0-9a-f]{64})$/;

/** The tag and digest of an image reference. */
function endOf(reference: string): { readonly tag: string; readonly digest: string | undefined } {
  const [name = "", digest] = reference.split("@", 2);
  // A colon before the last slash separates the registry's port.
  return { tag: /:([^/:]*)$/.exec(name)?.[1] ?? "", digest };
}

/** Why an image reference may mean a different image later; undefined if it is pinned. */
export function looseness(
  reference: string,
  needsDigest = false,
  moving: readonly string[] = MOVING,
): string | undefined {
  const { tag, digest } = endOf(reference);
  if (digest !== undefined) {
    return DIGEST.test(digest)
      ? undefined
      : "its digest is not that of sha256, sha512 or blake3 in lower-case hexadecimal";
  }
  if (needsDigest) return "it has no digest";
  if (tag === "") return "it has no tag";
  return moving.includes(tag) ? `its tag is ${JSON.stringify(tag)}` : undefined;
}

function pinned(check: Check, container: Value): void {
  const image = container.get("image");
  // The API server rejects a pod without an image.
  if (image.isMissing) return;
  const needsDigest = check.context.setting("digest", false);
  const moving = check.context.setting("moving", MOVING);
  const loose = looseness(image.string ?? "", needsDigest, moving);
  const expected = `${loose ?? ""}: use a version as the tag, or a digest`;
  expectThat(check, image, () => loose === undefined, expected);
}

function pullPolicy(check: Check, container: Value): void {
  const policy = container.get("imagePullPolicy");
  const image = container.get("image");
  const refusal = "a new node does not have the image: use IfNotPresent or Always";
  expectNot(check, policy, "Never", refusal);
  if (policy.isUnknown || check.context.noteUnknown(image, check.resource.urn)) return;
  const { tag, digest } = endOf(image.string ?? "");
  // A digest always means the same image.
  if (digest !== undefined || policy.string === "Never") return;
  // The API server's default.
  const byDefault = tag === "" || tag === "latest" ? "Always" : "IfNotPresent";
  const isRight = ({ isMissing, string }: Value): boolean =>
    (isMissing ? byDefault : string) === "Always";
  // Whether the tag moves is image-pinned's.
  if (!check.context.setting("always", false)) return;
  expectThat(check, policy, isRight, "it must be Always, or the image needs a digest");
}

const LOGINS = ["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"];

function pullSecrets(stack: Stack, context: CheckContext): void {
  const secrets = new Map(
    stack.of("kubernetes:core:Secret").map((secret) => {
      const name = secret.props.get("metadata", "name").string ?? "";
      return [inCluster(secret, namespaceOf(secret) ?? "", name), secret] as const;
    }),
  );
  const accounts = stack.of("kubernetes:core:ServiceAccount");
  for (const resource of [...stack.of(...HOLDERS), ...accounts]) {
    const isAccount = accounts.includes(resource);
    const owner = isAccount ? resource.props : podOf(resource).spec;
    const check = { resource, context };
    for (const entry of elements(check, owner.get("imagePullSecrets"))) {
      const name = entry.get("name");
      const expected =
        "set it to the name of a Secret with registry credentials, or remove the entry";
      expectThat(check, name, ({ string = "" }) => string !== "", expected);
      const place = inCluster(resource, namespaceOf(resource) ?? "", name.string ?? "");
      const secret = secrets.get(place);
      if (secret === undefined) continue;
      const by = `${nameOf(resource)} pulls images with it`;
      const reason = `it must be ${JSON.stringify(LOGINS[0])}, because ${by}`;
      expectOneOf({ resource: secret, context }, secret.props.get("type"), LOGINS, reason);
    }
  }
}

const DOCS = "https://kubernetes.io/docs/concepts/containers/images/";
const common = { themes: ["images"], enforcement: STRICT_IN_PRODUCTION } as const;

export const images: readonly Policy[] = [
  {
    ...common,
    name: "image-pinned",
    title: "Images are pinned",
    clause: { reference: "PO-03; CKV_K8S_14; CKV_K8S_43", url: `${DOCS}#image-names` },
    severity: "high",
    prevents:
      "A restarted pod runs a different program than the other replicas, and a rollback changes nothing.",
    description:
      "Images have a tag that names a version, not a moving tag such as latest, or they have a digest.",
    remediation:
      'Set the image to a version, "registry.example.com/team/app:1.7.3", or to a digest, "…@sha256:…".',
    configuration: {
      properties: {
        digest: {
          type: "boolean",
          default: false,
          description: "Whether a digest is required, not only a tag",
        },
        moving: listSetting(MOVING, "Tags that do not name a version"),
      },
    },
    check: eachContainer(pinned),
  },
  {
    ...common,
    name: "image-pull-policy",
    title: "Image pull policies work on every node",
    clause: { reference: "PO-03; CKV_K8S_15", url: `${DOCS}#image-pull-policy` },
    severity: "medium",
    prevents: "A pod cannot start on a new node.",
    description:
      "No container uses the pull policy Never; the option always requires Always for every image without a digest.",
    remediation: "Remove imagePullPolicy, or set it to IfNotPresent or Always.",
    configuration: {
      properties: {
        always: {
          type: "boolean",
          default: false,
          description:
            "Whether every image without a digest must be pulled at each start, which checks that the pod may use it",
        },
      },
    },
    check: eachContainer(pullPolicy),
  },
  {
    ...common,
    name: "image-pull-secret",
    title: "Image pull secrets contain registry credentials",
    clause: {
      reference: "PO-03",
      url: `${DOCS}#specifying-imagepullsecrets-on-a-pod`,
    },
    severity: "medium",
    prevents: "The kubelet ignores a pull secret without credentials, and the pod never starts.",
    description:
      "Every pull secret of a pod or ServiceAccount has a name, and if it is in the stack, its type is that of registry credentials.",
    remediation:
      "Set imagePullSecrets to the name of a Secret of the type kubernetes.io/dockerconfigjson.",
    check: { kind: "stack", run: pullSecrets },
  },
];
