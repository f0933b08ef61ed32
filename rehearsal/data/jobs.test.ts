import { describe, expect, it } from "vitest";
import { UNKNOWN, type PlannedResource, type PlanObject } from "../../offline/plan";
import { jobsOf, withValues, type JobContainer } from "./jobs";

function cronJob(name: string, env: readonly PlanObject[]): PlannedResource {
  const container = (called: string): PlanObject => ({
    name: called,
    image: "docker.io/library/shop:7",
    command: ["/bin/sh", "-c"],
    args: [`echo ${called}`],
    env,
    volumeMounts: [{ name: "scratch", mountPath: "/space" }],
  });
  const spec = {
    initContainers: [container("first")],
    containers: [container("second")],
    volumes: [{ name: "scratch", emptyDir: {} }],
  };
  return {
    urn: `urn:${name}`,
    type: "kubernetes:batch/v1:CronJob",
    name,
    parent: null,
    provider: null,
    custom: true,
    protect: false,
    dependencies: [],
    inputs: { metadata: { name }, spec: { jobTemplate: { spec: { template: { spec } } } } },
  };
}

const DUMP = cronJob("nightly", [
  { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: UNKNOWN, key: "url" } } },
  { name: "FILE_FORMAT", value: "shop-%Y%m%d_%H%M%S.dump" },
  { name: "DESTINATION", value: "bikes/daily/shop" },
]);
const RESTORE = cronJob("nightly-restore", []);

describe("jobsOf", () => {
  it("finds a dump, its restore and where it is stored, with the containers in their order", () => {
    const { dumps, others } = jobsOf([RESTORE, DUMP]);
    expect(others).toEqual([]);
    expect(dumps).toHaveLength(1);
    expect(dumps[0]).toMatchObject({
      backup: "nightly",
      bucket: "bikes",
      prefix: "daily/shop",
      fileFormat: "shop-%Y%m%d_%H%M%S.dump",
    });
    expect(
      dumps[0]?.dump.containers.map(({ name, command, scratchPath }) => [
        name,
        command.at(-1),
        scratchPath,
      ]),
    ).toEqual([
      ["first", "echo first", "/space"],
      ["second", "echo second", "/space"],
    ]);
  });

  it.each([
    ["without a restore", [DUMP]],
    ["without a destination", [cronJob("nightly", []), RESTORE]],
  ])("rehearses no dump %s", (_, resources) => {
    const { dumps, others } = jobsOf(resources);
    expect(dumps).toEqual([]);
    expect(others.map(({ name }) => name)).toEqual(resources.map(({ name }) => name));
  });
});

describe("withValues", () => {
  const container: JobContainer = {
    name: "store",
    image: "docker.io/library/shop:7",
    command: ["sh"],
    scratchPath: "/space",
    variables: [
      { name: "RCLONE_CONFIG", value: "/notfound", optional: false },
      { name: "KEY", value: undefined, optional: false },
      { name: "OBJECT", value: undefined, optional: true },
    ],
  };

  it("gives a container what it reads and no more, and rclone what it needs here", () => {
    const { env } = withValues(container, { KEY: "k", OTHER: "o" }, { AWS_REGION: "r" });
    expect(env).toEqual({ RCLONE_CONFIG: "/notfound", KEY: "k", AWS_REGION: "r" });
    const [, ...variables] = container.variables;
    const without = withValues({ ...container, variables }, { KEY: "k" }, { AWS_REGION: "r" });
    expect(without.env).toEqual({ KEY: "k" });
  });

  it("says which value is missing", () => {
    expect(() => withValues(container, {}, {})).toThrow(
      "Container store reads KEY, whose value is not in the plan and was not given: give one in rehearsal/data/stage.ts.",
    );
  });
});
