/** The workflows' own scripts, tested with a fake API. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deflateRawSync } from "node:zlib";

const GITHUB = join(__dirname, "../.github");

interface Scripts {
  readonly comment: (api: object, run: string, sha: string) => Promise<string>;
  readonly commentOf: (summary: string, sha: string) => string;
  readonly harmless: (text: string) => string;
}
interface Annotate {
  readonly annotations: (out: string) => readonly string[];
}
let scripts: Scripts;
let annotate: Annotate;

beforeAll(async () => {
  scripts = (await import(join(GITHUB, "scripts/comment.mjs"))) as Scripts;
  annotate = (await import(join(GITHUB, "scripts/annotate.mjs"))) as Annotate;
});

const SHA = "0123456789abcdef0123456789abcdef01234567";
const MARKER = "<!-- runstack: difference of plans -->";

describe("the comment on a pull request", () => {
  let server: Server;
  let url = "";
  /** The API requests with their bodies. */
  let asked: string[] = [];
  let answers: Readonly<Record<string, unknown>> = {};

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const path = (request.url ?? "").replace("/repos/o/r", "");
        asked.push([request.method, path, body].filter(Boolean).join(" "));
        const answer = answers[path];
        response.statusCode = answer === undefined && request.method === "GET" ? 404 : 200;
        response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/repos/o/r`;
  });
  afterAll(() => {
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  /** A ZIP archive as the artifact action creates it: deflated, with sizes in the central directory. */
  function archive(files: Readonly<Record<string, string>>): Buffer {
    const parts: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    for (const [name, text] of Object.entries(files)) {
      const packed = deflateRawSync(text);
      const header = Buffer.alloc(30);
      header.writeUInt16LE(name.length, 26);
      const entry = Buffer.alloc(46);
      entry.writeUInt32LE(0x02014b50, 0);
      entry.writeUInt16LE(8, 10);
      entry.writeUInt32LE(packed.length, 20);
      entry.writeUInt16LE(name.length, 28);
      entry.writeUInt32LE(offset, 42);
      parts.push(header, Buffer.from(name), packed);
      directory.push(entry, Buffer.from(name));
      offset += header.length + name.length + packed.length;
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...parts, ...directory, end]);
  }

  const artifact = { id: 5, name: "difference", expired: false, size_in_bytes: 100 };
  const given = (more: Readonly<Record<string, unknown>> = {}) => ({
    "/actions/runs/7/artifacts?name=difference": { artifacts: [artifact] },
    "/actions/artifacts/5/zip": archive({ "summary.md": "### Plans\n", number: "12\n" }),
    "/pulls/12": { state: "open", head: { sha: SHA } },
    "/issues/12/comments?per_page=100&page=1": [],
    ...more,
  });
  const run = () => scripts.comment({ url, token: "t" }, "7", SHA);
  const writes = () => asked.filter((line) => !line.startsWith("GET "));

  it("is posted once", async () => {
    answers = given();
    expect(await run()).toBe("Commented on pull request 12.");
    const body = JSON.stringify({ body: scripts.commentOf("### Plans\n", SHA) });
    expect(writes()).toEqual([`POST /issues/12/comments ${body}`]);
  });

  it("is then updated in place, without touching other comments", async () => {
    const by = (login: string, id: number, body = MARKER) => ({ id, body, user: { login } });
    const full = Array.from({ length: 98 }, (_, n) => by("somebody", n, "hello"));
    answers = given({
      "/issues/12/comments?per_page=100&page=1": [
        ...full,
        by("somebody", 98),
        by("github-actions[bot]", 99, "other"),
      ],
      "/issues/12/comments?per_page=100&page=2": [by("github-actions[bot]", 100, `${MARKER}\nold`)],
    });
    expect(await run()).toBe("Updated the comment on pull request 12.");
    expect(writes()).toEqual([expect.stringMatching(/^PATCH \/issues\/comments\/100 /)]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["another head", { "/pulls/12": { state: "open", head: { sha: "f".repeat(40) } } }],
    ["a closed one", { "/pulls/12": { state: "closed", head: { sha: SHA } } }],
    ["no artifact", { "/actions/runs/7/artifacts?name=difference": { artifacts: [] } }],
  ])("is not written for %s", async (_, more) => {
    answers = given(more);
    await run();
    expect(writes()).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      "an artifact that says it is large",
      {
        "/actions/runs/7/artifacts?name=difference": {
          artifacts: [{ ...artifact, size_in_bytes: 1e9 }],
        },
      },
      "at most 262144 are read",
    ],
    [
      "one that is",
      { "/actions/artifacts/5/zip": Buffer.alloc(300_000) },
      "more than 262144 bytes",
    ],
    [
      "one that grows when unpacked",
      {
        "/actions/artifacts/5/zip": archive({ "summary.md": "x".repeat(2_000_000), number: "12" }),
      },
      "larger than 262144 bytes",
    ],
    [
      "an invalid number",
      { "/actions/artifacts/5/zip": archive({ "summary.md": "", number: "12/../1" }) },
      "names no pull request",
    ],
    [
      "a file that is not an archive",
      { "/actions/artifacts/5/zip": Buffer.from("hello, this is no archive") },
      "The artifact is no archive.",
    ],
    [
      "one without the summary",
      { "/actions/artifacts/5/zip": archive({ number: "12" }) },
      "The artifact holds no summary.md.",
    ],
  ])("is not written from %s", async (_, more, message) => {
    answers = given(more);
    await expect(run()).rejects.toThrow(message);
    expect(writes()).toEqual([]);
  });

  it("has no mentions, links or images, and starts with its origin", () => {
    const hostile =
      "@team #12 GH-3 ![x](https://evil.example/p.png) [a](javascript:b) <img src=x> <!-- hidden\n" +
      "<details><summary><b>ok</b></summary></details> <code>x</code> \u202eabc";
    const text = scripts.harmless(hostile);
    expect(text).not.toMatch(/@team|#12|GH-3|!\[|\]\(|:\/\/|<img|<!--|\u202e/);
    expect(text).toContain("<details><summary><b>ok</b></summary></details> <code>x</code>");
    expect(scripts.commentOf("```\n", SHA)).toBe(
      `${MARKER}\n<sub>Planned by the pull request's own code at 0123456.</sub>\n\n\`\`\`\n`,
    );
    const long = scripts.commentOf("@a ".repeat(60_000), SHA);
    expect(long.length).toBe(65_536);
    expect(long.endsWith("… and more than a comment holds.\n")).toBe(true);
  });
});

describe("annotations", () => {
  const result = (ruleId: string, level: string, urn: string, place: object) => ({
    ruleId,
    level,
    message: { text: `100% of ${ruleId}:\nbad` },
    locations: [
      {
        ...place,
        logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
  });
  const at = (uri: string, startLine: number) => ({
    physicalLocation: { artifactLocation: { uri }, region: { startLine } },
  });

  function folder(fresh?: readonly object[]): string {
    const out = mkdtempSync(join(tmpdir(), "annotate-"));
    mkdirSync(join(out, "prod"));
    const results = [
      result("hard", "error", "u", at("Pulumi.a%20b.yaml", 3)),
      result("hard", "error", "v", at("Pulumi.a%20b.yaml", 3)),
      result("soft,1", "warning", "u", at("systems/x.ts", 9)),
      result("nowhere", "error", "u", {}),
    ];
    writeFileSync(join(out, "prod/policies.sarif"), JSON.stringify({ runs: [{ results }] }));
    if (fresh !== undefined) {
      const stacks = [{ stack: "prod", policies: { fresh } }, { stack: "same" }];
      writeFileSync(join(out, "difference.json"), JSON.stringify({ stacks }));
    }
    return out;
  }
  const HARD = [
    "::error file=Pulumi.a b.yaml,line=3,title=hard::100%25 of hard:%0Abad",
    "::error title=nowhere::100%25 of nowhere:%0Abad",
  ];

  it("mark each mandatory violation once at its position", () => {
    expect(annotate.annotations(folder())).toEqual(HARD);
  });

  it("mark new advisory violations", () => {
    expect(annotate.annotations(folder([{ policy: "soft,1", urn: "u" }]))).toEqual([
      HARD[0],
      "::warning file=systems/x.ts,line=9,title=soft%2C1::100%25 of soft,1:%0Abad",
      HARD[1],
    ]);
    expect(annotate.annotations(folder([{ policy: "soft,1", urn: "other" }]))).toEqual(HARD);
  });
});

describe("workflows", () => {
  type Steps = readonly { readonly name?: string; readonly uses?: string; readonly run?: string }[];
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    readonly runs: { readonly steps: Steps };
  }
  interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions: object;
    readonly jobs: Readonly<
      Record<
        string,
        {
          readonly permissions?: Readonly<Record<string, string>>;
          readonly steps: Steps;
        }
      >
    >;
  }
  const files = readdirSync(join(GITHUB, "workflows"));
  const workflows = files.map(
    (file) =>
      [file, parse(readFileSync(join(GITHUB, "workflows", file), "utf8")) as Workflow] as const,
  );
  const actions = ["actions/engine/action.yml", "../action.yml"].map(
    (file) => parse(readFileSync(join(GITHUB, file), "utf8")) as Action,
  );
  const steps = [
    ...workflows.flatMap(([, { jobs }]) => Object.values(jobs).flatMap((job) => job.steps)),
    ...actions.flatMap(({ runs }) => runs.steps),
  ];

  it("pin every action to a commit", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []).filter((one) => !one.startsWith("./"));
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((one) => !/@[0-9a-f]{40}$/.test(one))).toEqual([]);
  });

  it("put no event data into a script", () => {
    expect(steps.filter(({ run }) => run?.includes("${{") === true)).toEqual([]);
  });

  /** The write permissions of each file's jobs. */
  const WRITES: Readonly<Record<string, readonly string[]>> = {
    "pull-request.yml": ["security-events"],
    "plan-comment.yml": ["pull-requests"],
    "release.yml": ["contents", "id-token"],
    // An identity of the job, which the cloud exchanges for credentials.
    "deploy.yml": ["id-token", "id-token"],
    "drift.yml": ["id-token"],
    "rehearsal.yml": [],
  };
  const writesOf = (job: Workflow["jobs"][string]): readonly string[] =>
    Object.entries(job.permissions ?? {}).flatMap(([of, how]) => (how === "write" ? [of] : []));

  it("have the write permissions listed here, and none by default", () => {
    expect(files.toSorted()).toEqual(Object.keys(WRITES).toSorted());
    for (const [file, { permissions, jobs }] of workflows) {
      expect(Object.values(permissions)).not.toContain("write");
      expect([file, Object.values(jobs).flatMap(writesOf)]).toEqual([file, WRITES[file]]);
    }
  });

  it("run one script of the default branch, and no code of the pull request, when a comment is written", () => {
    const [, comment] = workflows.find(([file]) => file === "plan-comment.yml") ?? [];
    expect(Object.keys(comment?.on ?? {})).toEqual(["workflow_run"]);
    const own = Object.values(comment?.jobs ?? {}).flatMap((job) => job.steps);
    expect(own.flatMap(({ run }) => run ?? [])).toEqual(["node .github/scripts/comment.mjs"]);
    expect(JSON.stringify(own)).not.toMatch(/"ref":|"repository":/);
  });

  it("run no code of the repository when a release is written", () => {
    const [, release] = workflows.find(([file]) => file === "release.yml") ?? [];
    const writing = Object.values(release?.jobs ?? {}).filter((job) => writesOf(job).length > 0);
    const own = writing.flatMap((job) => job.steps);
    expect(own.map(({ uses, run }) => uses?.split("@")[0] ?? run?.split(" ")[0])).toEqual([
      "actions/download-artifact",
      "gh",
      "actions/setup-node",
      "actions/download-artifact",
      "npm",
    ]);
  });

  it("do to a stack what was previewed, compared and approved", () => {
    const { preview, up } = workflows.find(([file]) => file === "deploy.yml")?.[1].jobs ?? {};
    const runs = (job: Workflow["jobs"][string] | undefined): readonly string[] =>
      (job?.steps ?? []).flatMap(({ run }) => run ?? []);
    const before = runs(preview).join("\n");
    expect(before.indexOf("--save-plan update.plan")).toBeLessThan(
      before.indexOf("--preview preview.json"),
    );
    expect(before).not.toContain("pulumi up");
    expect(runs(up).at(-1)).toBe(
      'pulumi up --stack "$STACK" --policy-pack policies --yes --plan update.plan',
    );
    expect(up).toMatchObject({ needs: "preview", environment: "${{ inputs.stack }}" });
    expect(preview).toMatchObject({ environment: "${{ inputs.stack }}-preview" });
  });

  it("change nothing when they look for drift", () => {
    const [, drift] = workflows.find(([file]) => file === "drift.yml") ?? [];
    const scripts = Object.values(drift?.jobs ?? {}).flatMap((job) =>
      job.steps.map(({ run }) => run),
    );
    expect(
      scripts.filter((run) => /pulumi (up|destroy|refresh(?!.*--preview-only))/.test(run ?? "")),
    ).toEqual([]);
  });

  it("use the engine of the tests", () => {
    const { default: version = "" } = actions[0]?.inputs["pulumi-version"] ?? {};
    expect(readFileSync(join(GITHUB, "../.ci/run"), "utf8")).toContain(
      `ENGINE_VERSION=v${version}\n`,
    );
  });
});
