import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { messageOf, named, register } from "../recovery/testing";
import { Validation, type ValidationArguments } from "./validation";
import { VALIDATION_SCRIPT } from "./validation-requests";

const args: ValidationArguments = {
  system: {
    id: "shop",
    services: [
      { name: "api", workload: "shop-api", port: 8100, metrics: { path: "/numbers", port: 8100 } },
      { name: "web", workload: "shop-web", port: 3100, metrics: "none" },
      { name: "worker", workload: "shop-worker", metrics: { path: "/numbers", port: 8101 } },
    ],
  },
  validation: {
    name: "smoke",
    when: "afterDeployment",
    requests: [
      { service: "api", path: "/health" },
      { service: "web", path: "/ready?deep=1" },
    ],
  },
  namespace: "shop-ns",
  revision: "api@1 web@2",
};

const create = (over: Partial<ValidationArguments> = {}) =>
  register((options) => new Validation("v", { ...args, ...over }, options));

describe("Validation", () => {
  it("is a Job that requests each service once and is not repeated", async () => {
    const { resources, result } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "v-account",
      "v-answers",
      "v-asks",
      "v-job",
    ]);
    const job = named(resources, "v-job");
    expect(result.jobName).toMatch(/^shop-smoke-[0-9a-f]{10}$/);
    expect(job.type).toBe("kubernetes:batch/v1:Job");
    expect(job.inputs).toMatchObject({
      metadata: {
        name: result.jobName,
        namespace: "shop-ns",
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 420,
        template: {
          spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            serviceAccountName: "shop-smoke",
            containers: [
              {
                args: [
                  "api=http://shop-api:8100/health",
                  "web=http://shop-web:3100/ready?deep=1",
                  "api=http://shop-api:8100/numbers",
                ],
                env: [
                  { name: "DEADLINE", value: "300" },
                  { name: "PAUSE", value: "3" },
                ],
              },
            ],
          },
        },
      },
    });
    expect(JSON.stringify(job.inputs)).not.toContain("ttlSecondsAfterFinished");
    expect(job.options.customTimeouts).toEqual({ create: "480s" });
  });

  it("has a new name exactly when something changed", async () => {
    const nameOf = async (over: Partial<ValidationArguments>) =>
      (await create(over)).result.jobName;
    const names = [
      await nameOf({}),
      await nameOf({ revision: "api@1 web@3" }),
      await nameOf({
        validation: { ...args.validation, requests: [{ service: "api", path: "/" }] },
      }),
    ];
    expect(new Set(names).size).toBe(3);
    expect(await nameOf({})).toBe(names[0]);
  });

  it("allows only traffic between the pod and the services that it requests", async () => {
    const { resources } = await create();
    const asking = {
      "app.kubernetes.io/part-of": "shop",
      "app.kubernetes.io/component": "shop-smoke",
    };
    const answering = {
      matchLabels: { "app.kubernetes.io/part-of": "shop" },
      matchExpressions: [
        { key: "app.kubernetes.io/component", operator: "In", values: ["api", "web"] },
      ],
    };
    const ports = [8100, 3100].map((port) => ({ protocol: "TCP", port }));
    const asks = named(resources, "v-asks").inputs["spec"] as { egress: unknown[] };
    expect(asks).toMatchObject({ podSelector: { matchLabels: asking }, ingress: [] });
    expect(asks.egress).toHaveLength(2);
    expect(asks.egress[1]).toEqual({ to: [{ podSelector: answering }], ports });
    expect(named(resources, "v-answers").inputs["spec"]).toMatchObject({
      podSelector: answering,
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: asking } }], ports }],
    });
  });

  it("is started by hand on other occasions", async () => {
    const { resources, result } = await create({
      validation: { ...args.validation, when: "afterRecovery" },
    });
    const job = named(resources, "v-job");
    expect(result.jobName).toBe("shop-smoke");
    expect(job.type).toBe("kubernetes:batch/v1:CronJob");
    expect(job.inputs).toMatchObject({
      metadata: { name: "shop-smoke" },
      spec: { suspend: true, jobTemplate: { spec: { backoffLimit: 0 } } },
    });
  });

  it.each<[string, Partial<ValidationArguments>, string]>([
    [
      "a service without a port",
      { validation: { ...args.validation, requests: [{ service: "worker", path: "/" }] } },
      'Validation v: service is "worker", but must be a service with a port: api, web. Correct the requests of smoke in the system\'s file.',
    ],
    [
      "a relative path",
      { validation: { ...args.validation, requests: [{ service: "api", path: "health" }] } },
      'Validation v: path of api is "health", but must be a path that begins with /. Correct the requests of smoke in the system\'s file.',
    ],
    [
      "nothing to ask",
      { validation: { ...args.validation, requests: [] } },
      "Validation v: requests is empty, but must be at least one request. Without one, smoke would succeed whatever was deployed.",
    ],
  ])("refuses %s", async (_, over, message) => {
    const { result, resources } = await register((options) =>
      messageOf(() => new Validation("v", { ...args, ...over }, options)),
    );
    expect(result).toBe(message);
    expect(resources).toEqual([]);
  });
});

/**
 * A curl stub: answers with the statuses of the file `statuses` one by one, the last one
 * repeatedly; refuses the host `closed`; and records its calls. It has curl's exit codes and
 * messages, but does not parse its options, so the test compares them as a whole.
 */
const CURL = `#!/bin/sh
cd "\${0%/*}"
echo "$*" >>asked
for url; do :; done
case $url in
http://closed/*)
  echo "curl: (7) Failed to connect to closed port 80" >&2
  exit 7
  ;;
esac
read -r status rest <statuses
if [ -n "$rest" ]; then echo "$rest" >statuses; fi
if [ "$status" -lt 400 ]; then exit 0; fi
echo "curl: (22) The requested URL returned error: $status" >&2
exit 22
`;

describe("VALIDATION_SCRIPT", () => {
  let bin = "";
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), "validation-"));
    writeFileSync(join(bin, "curl"), CURL, { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(bin, { recursive: true });
  });

  /**
   * Runs the script against a service that answers with `statuses`; `asked` are curl's arguments.
   */
  function run(statuses: readonly number[], deadline: number, ...requests: readonly string[]) {
    writeFileSync(join(bin, "statuses"), `${statuses.join(" ")}\n`);
    const { status, stdout, stderr } = spawnSync(
      "/bin/sh",
      ["-c", VALIDATION_SCRIPT, "validation", ...requests],
      {
        encoding: "utf8",
        env: {
          PATH: `${bin}:${process.env["PATH"] ?? ""}`,
          DEADLINE: String(deadline),
          PAUSE: "0.1",
        },
      },
    );
    const asked = readFileSync(join(bin, "asked"), "utf8").trim().split("\n");
    return { status, stdout, stderr, asked };
  }
  const OPTIONS = "--silent --show-error --fail --max-time 5 --output /dev/null";

  it("repeats until the service answers", () => {
    const asked = `${OPTIONS} http://api/a?b=c`;
    expect(run([503, 500, 200, 500], 20, "api=http://api/a?b=c")).toEqual({
      status: 0,
      stdout: "api: http://api/a?b=c answers\n",
      stderr: "",
      asked: [asked, asked, asked],
    });
  });

  it("names every service that did not answer in time", () => {
    expect(run([404], 0, "api=http://api/", "web=http://closed/")).toEqual({
      status: 1,
      stdout: "",
      stderr: [
        "api: http://api/ does not answer: curl: (22) The requested URL returned error: 404\n",
        "web: http://closed/ does not answer: curl: (7) Failed to connect to closed port 80\n",
      ].join(""),
      asked: [`${OPTIONS} http://api/`, `${OPTIONS} http://closed/`],
    });
  });

  it("has no variables that Kubernetes would expand", () => {
    expect(VALIDATION_SCRIPT).not.toContain("$$");
  });
});
