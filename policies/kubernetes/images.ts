/** Which program a container runs. */
import { containersOf } from "./objects";
import { onPods } from "../pod-security/restricted";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";

/** Why an image reference may name another program tomorrow; undefined if it is pinned. */
export function looseness(reference: string, needsDigest = false): string | undefined {
  const [name = "", digest] = reference.split("@", 2);
  if (digest !== undefined) {
    return /^sha256:[0-9a-f]{64}$/.test(digest)
      ? undefined
      : "its digest is not sha256 in hexadecimal";
  }
  if (needsDigest) return "it has no digest";
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([^/:]*)$/.exec(name)?.[1];
  if (tag === undefined || tag === "") return "it has no tag";
  return tag === "latest" ? 'its tag is "latest"' : undefined;
}

export const images: readonly Policy[] = [
  {
    name: "image-pinned",
    title: "Images are pinned",
    clause: {
      reference: "PO-03",
      url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    },
    severity: "high",
    themes: ["images"],
    prevents:
      "A restarted pod runs another program than its neighbours, and a rollback brings back nothing.",
    description: "Images carry a tag other than latest, or a digest.",
    remediation:
      'Write the image with its version, "registry.example.com/team/app:1.7.3", or with its digest, "…@sha256:…".',
    enforcement: STRICT_IN_PRODUCTION,
    configuration: {
      properties: {
        digest: {
          type: "boolean",
          default: false,
          description: "Whether a tag is not enough: the image needs a digest",
        },
      },
    },
    check: onPods((resource, pod, context) => {
      for (const { title, value } of containersOf(pod)) {
        const image = value.get("image");
        if (value.isUnknown || context.unsure(image) || image.isMissing) continue;
        const loose = looseness(image.text ?? "", context.setting("digest", false));
        if (loose === undefined) continue;
        const wanted = `${loose}: write a version as tag, or a digest`;
        context.report(finding(resource, image, wanted, title));
      }
    }),
  },
];
