import { describe, expect, it } from "vitest";
import type { Fixture, Setting } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";
import { looseness } from "./images";
import { imageName } from "./registries";

const POD: readonly Key[] = ["spec", "template", "spec"];
const IMAGE: readonly Key[] = [...POD, "containers", 0, "image"];
const PULL: readonly Key[] = [...POD, "containers", 0, "imagePullPolicy"];
const WHO = 'Deployment "shop/orders"';
const IN_API = `${WHO}, container "api": spec.template.spec.containers[0]`;
const DIGEST = `sha256:${"a1".repeat(32)}`;
const set = (policy: string, settings: object): Setting => ({
  configuration: { [policy]: { ...settings } },
});

const pin = "use a version as the tag, or a digest.";
const MIGRATE = `${WHO}, init container "migrate": spec.template.spec.initContainers[0].image is "registry.example.com/orders/migrate:1.7.3"`;

testPolicy("image-pinned", {
  happy: deployment,
  broken: [
    {
      at: IMAGE,
      to: "localhost:5000/orders/api",
      says: `${IN_API}.image is "localhost:5000/orders/api"; it has no tag: ${pin}`,
    },
    { at: IMAGE, to: 7, says: `${IN_API}.image is 7; it has no tag: ${pin}` },
    { at: IMAGE, says: [] },
    {
      at: IMAGE,
      to: "orders:stable",
      setting: set("image-pinned", { moving: ["latest", "stable"] }),
      says: `${IN_API}.image is "orders:stable"; its tag is "stable": ${pin}`,
    },
    {
      at: IMAGE,
      to: `orders@${DIGEST}`,
      setting: set("image-pinned", { digest: true }),
      says: `${MIGRATE}; it has no digest: ${pin}`,
    },
  ],
  unknown: [IMAGE],
});

const NO_DIGEST = "its digest is not that of sha256, sha512 or blake3 in lower-case hexadecimal";

describe("looseness", () => {
  it.each([
    ["nginx", "it has no tag"],
    ["nginx:", "it has no tag"],
    ["registry:5000/nginx", "it has no tag"],
    ["nginx:latest", 'its tag is "latest"'],
    ["nginx:main", 'its tag is "main"'],
    ["nginx@sha256:12", NO_DIGEST],
    ["nginx:1.29", undefined],
    ["nginx:latest-1", undefined],
    ["registry:5000/web/nginx:1.29", undefined],
    [`nginx@${DIGEST}`, undefined],
    [`nginx@${DIGEST}0`, NO_DIGEST],
    [`nginx:latest@${DIGEST}`, undefined],
    [`nginx@sha512:${"a1".repeat(64)}`, undefined],
    [`nginx@blake3:${"a1".repeat(32)}`, undefined],
    [`nginx@sha512:${"a1".repeat(32)}`, NO_DIGEST],
    [`nginx@sha384:${"a1".repeat(48)}`, NO_DIGEST],
    [`nginx@${DIGEST.toUpperCase()}`, NO_DIGEST],
  ])("%s: %s", (reference, why) => {
    expect(looseness(reference)).toBe(why);
  });
});

const always = set("image-pull-policy", { always: true });
const expectThat = "it must be Always, or the image needs a digest.";

testPolicy("image-pull-policy", {
  happy: deployment,
  broken: [
    { at: PULL, to: "IfNotPresent", says: [] },
    { at: PULL, to: "Always", says: [] },
    {
      at: PULL,
      to: "Never",
      says: `${IN_API}.imagePullPolicy is "Never"; a new node does not have the image: use IfNotPresent or Always.`,
    },
    { at: IMAGE, to: "orders:latest", says: [] },
    { at: IMAGE, to: "orders", says: [] },
    // The tag is image-pinned's.
    { at: IMAGE, to: "orders:main", says: [] },
    {
      at: PULL,
      setting: always,
      says: [
        `${WHO}, init container "migrate": spec.template.spec.initContainers[0].imagePullPolicy is missing; ${expectThat}`,
        `${IN_API}.imagePullPolicy is missing; ${expectThat}`,
      ],
    },
    {
      at: PULL,
      to: "Always",
      setting: always,
      says: `${WHO}, init container "migrate": spec.template.spec.initContainers[0].imagePullPolicy is missing; ${expectThat}`,
    },
  ],
  unknown: [IMAGE, PULL],
});

testPolicy("image-pull-policy", {
  happy: () => {
    const fixture = broken(broken(deployment(), [...POD, "initContainers"]), PULL, "IfNotPresent");
    return broken(fixture, IMAGE, `orders:latest@${DIGEST}`);
  },
  setting: always,
  broken: [
    {
      at: IMAGE,
      to: "orders:latest",
      says: `${IN_API}.imagePullPolicy is "IfNotPresent"; ${expectThat}`,
    },
    {
      at: IMAGE,
      to: "orders:1",
      says: `${IN_API}.imagePullPolicy is "IfNotPresent"; ${expectThat}`,
    },
  ],
  unknown: [],
});

const login = (): Fixture => ({
  type: "kubernetes:core/v1:Secret",
  name: "login",
  props: {
    metadata: { name: "login", namespace: "shop" },
    type: "kubernetes.io/dockerconfigjson",
  },
});
const NAME: readonly Key[] = [...POD, "imagePullSecrets", 0, "name"];
const nameless = "set it to the name of a Secret with registry credentials, or remove the entry.";
const wrong = (shown: string, by: string): string =>
  `Secret "shop/login": type is ${shown}; it must be "kubernetes.io/dockerconfigjson", because ${by} pulls images with it.`;

testPolicy("image-pull-secret", {
  happy: () => [broken(deployment(), [...POD, "imagePullSecrets"], [{ name: "login" }]), login()],
  broken: [
    {
      at: NAME,
      to: "",
      says: `${WHO}: spec.template.spec.imagePullSecrets[0].name is ""; ${nameless}`,
    },
    {
      at: NAME,
      says: `${WHO}: spec.template.spec.imagePullSecrets[0].name is missing; ${nameless}`,
    },
    { at: NAME, to: "elsewhere", says: [] },
    { of: 1, at: ["type"], to: "kubernetes.io/dockercfg", says: [] },
    { of: 1, at: ["type"], to: "Opaque", says: wrong('"Opaque"', WHO) },
    { of: 1, at: ["type"], says: wrong("missing", WHO) },
    { of: 1, at: ["metadata", "namespace"], to: "stock", says: [] },
  ],
  unknown: [NAME, [...POD, "imagePullSecrets"], [1, "type"]],
});

testPolicy("image-pull-secret", {
  happy: () => [
    {
      type: "kubernetes:core/v1:ServiceAccount",
      name: "orders",
      props: {
        metadata: { name: "orders", namespace: "shop" },
        imagePullSecrets: [{ name: "login" }],
      },
    },
    login(),
  ],
  broken: [
    { of: 1, at: ["type"], to: "Opaque", says: wrong('"Opaque"', 'ServiceAccount "shop/orders"') },
  ],
  unknown: [["imagePullSecrets"]],
});

const allowed = (...folders: readonly string[]): Setting =>
  set("image-registry-allowed", { allowed: folders });

testPolicy("image-registry-allowed", {
  happy: deployment,
  setting: allowed("ghcr.io", "registry.example.com/orders/"),
  broken: [
    {
      at: IMAGE,
      to: "nginx:1.29",
      says: `${IN_API}.image is "nginx:1.29"; it must come from ghcr.io or registry.example.com/orders/.`,
    },
    {
      at: IMAGE,
      to: "registry.example.com/orders-2/api:1",
      says: `${IN_API}.image is "registry.example.com/orders-2/api:1"; it must come from ghcr.io or registry.example.com/orders/.`,
    },
    {
      at: IMAGE,
      to: 7,
      says: `${IN_API}.image is 7; it must come from ghcr.io or registry.example.com/orders/.`,
    },
    { at: IMAGE, to: "ghcr.io/a/b:1", says: [] },
    { at: IMAGE, says: [] },
    { at: IMAGE, to: "nginx:1.29", setting: allowed(), says: [] },
  ],
  unknown: [IMAGE],
});

testPolicy("image-registry-allowed", { happy: deployment, broken: [], unknown: [] });

testPolicy("image-maintained", {
  happy: deployment,
  broken: [
    [
      "k8s.gcr.io/pause:3.9",
      "k8s.gcr.io is frozen since April 2023: registry.k8s.io has the same images",
    ],
    [
      "bitnami/redis:8.0",
      "docker.io/bitnami is without versioned tags since September 2025: use the project's own image, or bitnamisecure with a subscription",
    ],
    [
      "bitnamilegacy/redis:8.0",
      "docker.io/bitnamilegacy is without updates since August 2025: use the project's own image",
    ],
    [
      "registry.k8s.io/ingress-nginx/controller:v1.14.0",
      "registry.k8s.io/ingress-nginx is without security updates since March 2026: use a Gateway API controller",
    ],
    [
      "gcr.io/kubernetes-helm/tiller:v2.17.0",
      "gcr.io/kubernetes-helm/tiller is unmaintained since 2020, and has all permissions in the cluster: Helm 3 needs no Tiller",
    ],
    [
      "ghcr.io/helm/tiller:v2.17.0",
      "ghcr.io/helm/tiller is unmaintained since 2020, and has all permissions in the cluster: Helm 3 needs no Tiller",
    ],
    [
      "registry.example.com/copies/tiller:v2.17.0",
      "registry.example.com/copies/tiller is unmaintained since 2020, and has all permissions in the cluster: Helm 3 needs no Tiller",
    ],
    [
      "kubernetesui/dashboard:v2.7.0",
      "docker.io/kubernetesui is archived, and gives its permissions to anyone who can reach it: use kubectl, or Headlamp with individual logins",
    ],
    [
      "k8s.gcr.io/kubernetes-dashboard-amd64:v1.10.1",
      "k8s.gcr.io/kubernetes-dashboard-amd64 is archived, and gives its permissions to anyone who can reach it: use kubectl, or Headlamp with individual logins",
    ],
  ]
    .map(([image, why]) => ({
      at: IMAGE,
      to: image,
      says: [`${IN_API}.image is "${String(image)}"; ${String(why)}.`],
    }))
    .concat([
      { at: IMAGE, to: "bitnamisecure/redis:latest", says: [] },
      { at: IMAGE, to: undefined, says: [] },
    ]),
  unknown: [IMAGE],
});

describe("imageName", () => {
  it.each([
    ["my.image:1", "docker.io/library/my.image"],
    ["localhost", "docker.io/library/localhost"],
    ["nginx", "docker.io/library/nginx"],
    ["nginx:1.29", "docker.io/library/nginx"],
    ["valkey/valkey:9", "docker.io/valkey/valkey"],
    ["index.docker.io/valkey/valkey:9", "docker.io/valkey/valkey"],
    ["localhost/orders", "localhost/orders"],
    ["registry:5000/orders:2", "registry:5000/orders"],
    ["ghcr.io/a/b@sha256:12", "ghcr.io/a/b"],
    [`ghcr.io/a/b:1@${DIGEST}`, "ghcr.io/a/b"],
  ])("%s: %s", (reference, name) => {
    expect(imageName(reference)).toBe(name);
  });
});

const ENV: readonly Key[] = [...POD, "containers", 0, "env"];

testPolicy("git-sync-command", {
  happy: () => broken(deployment(), ENV, [{ name: "GITSYNC_REPO", value: "https://example.com" }]),
  broken: [
    {
      at: [...ENV, 0, "name"],
      to: "GITSYNC_GIT",
      says: `${IN_API}.env[0].name is "GITSYNC_GIT"; git-sync runs any command in it: remove it, because the image has its own git.`,
    },
  ],
  unknown: [ENV, [...ENV, 0]],
});
