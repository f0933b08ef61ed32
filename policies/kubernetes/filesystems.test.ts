import { describe, expect, it } from "vitest";
import type { Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, container, deployment } from "../testing/fixtures";
import type { Key } from "../values";
import { reachesSocket } from "./filesystems";

const POD: readonly Key[] = ["spec", "template", "spec"];
const API: readonly Key[] = [...POD, "containers", 0];
const WHO = 'Deployment "shop/orders"';
const AT = "spec.template.spec.containers[0]";

const READ_ONLY: readonly Key[] = [...API, "securityContext", "readOnlyRootFilesystem"];
const expectTrue = (shown: string): string =>
  `${WHO}, container "api": ${AT}.securityContext.readOnlyRootFilesystem is ${shown}; it must be true.`;

testPolicy("container-filesystem-read-only", {
  happy: deployment,
  broken: [
    { at: READ_ONLY, to: false, says: expectTrue("false") },
    { at: READ_ONLY, to: "true", says: expectTrue('"true"') },
    { at: READ_ONLY, says: expectTrue("missing") },
    {
      at: [...POD, "initContainers", 0, "securityContext"],
      says: `${WHO}, init container "migrate": spec.template.spec.initContainers[0].securityContext.readOnlyRootFilesystem is missing; it must be true.`,
    },
  ],
  unknown: [READ_ONLY, [...API, "securityContext"], API, [...POD, "containers"], POD],
});

testPolicy("container-filesystem-read-only", {
  happy: () =>
    broken(broken(deployment(), [...POD, "os"], { name: "windows" }), READ_ONLY, undefined),
  broken: [{ at: [...POD, "os", "name"], to: "linux", says: expectTrue("missing") }],
  unknown: [],
});

describe("container-filesystem-read-only", () => {
  const rollout = (spec: object): Fixture => ({
    type: "kubernetes:argoproj.io/v1alpha1:Rollout",
    name: "orders",
    props: { metadata: { name: "orders", namespace: "shop" }, spec },
  });

  testPolicy("container-filesystem-read-only", {
    happy: () => [
      rollout({ workloadRef: { kind: "Deployment", name: "orders" } }),
      rollout({ template: { spec: { containers: [container("api")] } } }),
    ],
    broken: [
      {
        of: 1,
        at: READ_ONLY,
        to: false,
        says: expectTrue("false").replace("Deployment", "Rollout"),
      },
    ],
    unknown: [],
  });
});

describe("container-runtime-socket", () => {
  const PATH: readonly Key[] = [...POD, "volumes", 0, "hostPath", "path"];
  const says = (shown: string): string =>
    `${WHO}, volume "logs": spec.template.spec.volumes[0].hostPath.path is ${shown}; it gives the container control of the node's runtime: remove the volume.`;

  testPolicy("container-runtime-socket", {
    happy: () =>
      broken(
        deployment(),
        [...POD, "volumes"],
        [
          { name: "logs", hostPath: { path: "/var/log" } },
          { name: "tmp", emptyDir: {} },
        ],
      ),
    broken: [
      { at: PATH, to: "/var/run/docker.sock", says: says('"/var/run/docker.sock"') },
      { at: PATH, to: 7, says: says("7") },
      { at: PATH, says: [] },
      {
        at: [...POD, "volumes", 0],
        to: { hostPath: { path: "/" } },
        says: says('"/"').replace('"logs"', '"without a name"'),
      },
    ],
    unknown: [PATH, [...POD, "volumes", 0], [...POD, "volumes"]],
  });

  it.each([
    ["/run/docker.sock", true],
    ["/run//docker.sock", true],
    ["/run/docker.sock/", true],
    ["/run/docker.sock.d", false],
    ["/var/run", true],
    ["/var/running", false],
    ["/var/run/containerd", true],
    ["/run/k3s", true],
    ["/run/crio/crio.sock", true],
    ["/run/cri-dockerd.sock", true],
    ["/run/podman", true],
    ["/run/containerd/containerd.sock", true],
    ["/run/containerd/io", false],
    ["/", true],
    ["/var", false],
    ["/home/var/run", false],
    ["\\\\.\\pipe\\docker_engine", true],
    ["\\\\.\\pipe\\containerd-containerd", true],
    ["\\\\.\\pipe\\csi-proxy", false],
  ])("%s exposes a socket: %s", (path, expected) => {
    expect(reachesSocket(path)).toBe(expected);
  });
});

describe("host-path-read-only", () => {
  const MOUNT: readonly Key[] = [...API, "volumeMounts", 0];
  const says = (shown: string): string =>
    `${WHO}, container "api": ${AT}.volumeMounts[0].readOnly is ${shown}; a hostPath volume must be mounted read-only.`;
  const happy = (): Fixture => {
    const volumes = [
      { name: "logs", hostPath: { path: "/var/log" } },
      { name: "tmp", emptyDir: {} },
      { hostPath: { path: "/opt" } },
    ];
    const mounts = [
      { name: "logs", mountPath: "/logs", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      { mountPath: "/nowhere" },
    ];
    const fixture = broken(deployment(), [...POD, "volumes"], volumes);
    return broken(fixture, [...API, "volumeMounts"], mounts);
  };

  testPolicy("host-path-read-only", {
    happy,
    broken: [
      { at: [...MOUNT, "readOnly"], to: false, says: says("false") },
      { at: [...MOUNT, "readOnly"], says: says("missing") },
    ],
    unknown: [
      [...MOUNT, "readOnly"],
      MOUNT,
      [...API, "volumeMounts"],
      [...POD, "volumes"],
      [...POD, "volumes", 0],
      [...POD, "volumes", 0, "hostPath"],
    ],
  });
});
