/** Image sources: allowed registries, and abandoned images. */
import { expectRows, isNot } from "../rules";
import { expectThat, type Check } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, listSetting } from "../policy";
import type { Value } from "../values";
import { eachContainer } from "./pods";

/** The full name of an image without tag and digest: `nginx:1.29` is `docker.io/library/nginx`. */
export function imageName(reference: string): string {
  const name = reference.replace(/@.*$/, "").replace(/:[^/]*$/, "");
  const [first = "", ...rest] = name.split("/");
  // As container runtimes distinguish a host from a Docker Hub path.
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) {
    return first === "index.docker.io" ? ["docker.io", ...rest].join("/") : name;
  }
  return rest.length === 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}

/** Whether a name is in a registry or a path of one. */
const isUnder = (name: string, folder: string): boolean =>
  name === folder || name.startsWith(`${folder.replace(/\/$/, "")}/`);

interface Retired {
  /** A registry, a registry path, or a full image name. */
  readonly name: string;
  /** What it is, after "is". */
  readonly state: string;
  readonly instead: string;
}

const RETIRED: readonly Retired[] = [
  {
    name: "k8s.gcr.io",
    state: "frozen since April 2023",
    instead: "registry.k8s.io has the same images",
  },
  {
    name: "docker.io/bitnami",
    state: "without versioned tags since September 2025",
    instead: "use the project's own image, or bitnamisecure with a subscription",
  },
  {
    name: "docker.io/bitnamilegacy",
    state: "without updates since August 2025",
    instead: "use the project's own image",
  },
  {
    name: "registry.k8s.io/ingress-nginx",
    state: "without security updates since March 2026",
    instead: "use a Gateway API controller",
  },
  {
    name: "docker.io/kubernetesui",
    state: "archived, and gives its permissions to anyone who can reach it",
    instead: "use kubectl, or Headlamp with individual logins",
  },
  {
    name: "k8s.gcr.io/kubernetes-dashboard-amd64",
    state: "archived, and gives its permissions to anyone who can reach it",
    instead: "use kubectl, or Headlamp with individual logins",
  },
];

/** Helm 2 has no place any more, so a copy is as old. */
const TILLER: Omit<Retired, "name"> = {
  state: "unmaintained since 2020, and has all permissions in the cluster",
  instead: "Helm 3 needs no Tiller",
};

function retirement(name: string): Retired | undefined {
  if (name.endsWith("/tiller")) return { name, ...TILLER };
  // Full image names come after the registries that contain them.
  return RETIRED.findLast((entry) => isUnder(name, entry.name));
}

function retired(check: Check, container: Value): void {
  const image = container.get("image");
  const found = retirement(imageName(image.string ?? ""));
  const { name = "", state = "", instead = "" } = found ?? {};
  const expected = `${name} is ${state}: ${instead}`;
  expectThat(check, image, () => found === undefined, expected);
}

function allowed(check: Check, container: Value): void {
  const folders = check.context.setting("allowed", []);
  const image = container.get("image");
  if (folders.length === 0 || image.isMissing) return;
  const isRight = ({ string }: Value): boolean =>
    string !== undefined && folders.some((folder) => isUnder(imageName(string), folder));
  expectThat(check, image, isRight, `it must come from ${folders.join(" or ")}`);
}

const common = { themes: ["images", "security"], enforcement: STRICT_IN_PRODUCTION } as const;

export const registries: readonly Policy[] = [
  {
    ...common,
    name: "image-registry-allowed",
    title: "Images come from allowed registries",
    clause: {
      reference: "PO-03; CIS Kubernetes 5.5.1",
      url: "https://kubernetes.io/docs/concepts/security/application-security-checklist/",
    },
    severity: "high",
    prevents: "A program runs that nobody scanned, or that someone else published under its name.",
    description:
      "Images come from the registries, or registry paths, that the team allows; by default any registry is allowed.",
    remediation:
      "Copy the image to an allowed registry and use its full name there; allow a registry in the policy's configuration.",
    configuration: {
      properties: {
        allowed: listSetting(
          [],
          'Registries or registry paths, such as ["registry.example.com/team", "docker.io/library"]; an empty list allows all',
        ),
      },
    },
    check: eachContainer(allowed),
  },
  {
    ...common,
    name: "image-maintained",
    title: "Images are still maintained",
    clause: {
      reference: "PO-03; CKV_K8S_33; CKV_K8S_34; CKV_K8S_44; CKV_K8S_45",
      url: "https://kubernetes.io/docs/concepts/security/application-security-checklist/",
    },
    severity: "high",
    prevents: "A known vulnerability is never fixed, or the image disappears one day.",
    description:
      "No image comes from a registry that has shut down, or is abandoned software such as Tiller or the old Dashboard.",
    remediation: "Replace the image with the one that the message names.",
    check: eachContainer(retired),
  },
  {
    ...common,
    name: "git-sync-command",
    title: "Containers with git-sync do not set a custom Git command",
    clause: {
      reference: "PO-03; CKV_K8S_159",
      url: "https://www.akamai.com/blog/security-research/2024-august-kubernetes-gitsync-command-injection-defcon",
    },
    severity: "high",
    prevents:
      "Anyone who may edit a Deployment can run a program with the permissions of its ServiceAccount.",
    description: "No container sets GITSYNC_GIT, the command that git-sync runs.",
    remediation: "Remove the variable GITSYNC_GIT from the container.",
    check: eachContainer((check, container) => {
      const expected =
        "git-sync runs any command in it: remove it, because the image has its own git";
      expectRows(check, container, { "env[].name": isNot("GITSYNC_GIT", expected) });
    }),
  },
];
