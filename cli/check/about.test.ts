import { describe, expect, it } from "vitest";
import { POLICIES } from "../../policies/catalog";
import { columns } from "../../reports/width";
import { main } from "../check";
import { runMain, type Ended } from "../testing";

const run = (...args: readonly string[]): Promise<Ended> => runMain(main, args, { cwd: __dirname });

describe("check --list", () => {
  it("lists every policy once with its levels, in at most 100 columns", async () => {
    const { code, out, err } = await run("--list");
    const lines = out.split("\n");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(lines.filter((line) => columns(line) > 100)).toEqual([]);
    const rows = lines.flatMap(
      (line) =>
        /^ {2}([a-z0-9-]+) +(mandatory|advisory) +(mandatory|advisory|disabled) /.exec(line) ?? [],
    );
    expect(rows.filter((_, index) => index % 4 === 1).sort()).toEqual(
      POLICIES.map(({ name }) => name).sort(),
    );
    expect(out).toContain(`\n${POLICIES.length} policies. `);
  });

  it("lists the policies of a theme, even if the theme is not the first of any policy", async () => {
    expect((await run("--list", "--theme", "jobs")).out.split("\n").slice(0, 4)).toEqual([
      expect.stringMatching(/^policy +production {2}staging {4}title$/),
      "",
      "Jobs (jobs)",
      expect.stringMatching(/^ {2}job-bounded +(mandatory|advisory) /),
    ]);
    const names = (
      JSON.parse((await run("--list", "--theme", "dapr", "--json")).out) as Named[]
    ).map(({ name }) => name);
    expect(names).toEqual(
      POLICIES.filter(({ themes }) => themes.includes("dapr")).map(({ name }) => name),
    );
    expect(names.length).toBeGreaterThan(2);
  });
});

interface Named {
  readonly name: string;
}

describe("check --explain", () => {
  it("says all there is to say of a policy", async () => {
    const { code, out } = await run("--explain", "image-pinned");
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
      "image-pinned: Images are pinned",
      "  rule      Images have a tag that names a version, not a moving tag such as latest, or they have a",
      "            digest.",
      "  why       A restarted pod runs a different program than the other replicas, and a rollback changes",
      "            nothing.",
      '  fix       Set the image to a version, "registry.example.com/team/app:1.7.3", or to a digest,',
      '            "…@sha256:…".',
      "  clause    PO-03; CKV_K8S_14; CKV_K8S_43",
      "            https://kubernetes.io/docs/concepts/containers/images/#image-names",
      "  level     mandatory in production, advisory in staging; severity high",
      "  themes    images",
      "  options   digest, true or false: Whether a digest is required, not only a tag. Default: false",
      '            moving, a list of texts: Tags that do not name a version. Default: ["latest", "main",',
      '            "master", "edge", "nightly", "canary", "dev", "develop"]',
      "  example   image-pinned:",
      "              enforcementLevel: mandatory",
      "              digest: true",
      '              moving: ["latest", "main", "master"]',
      "",
    ]);
  });

  it("says what holds for programs only, what writes the fix, and that there are no options", async () => {
    expect((await run("--explain", "stateful-protected")).out).toContain(
      "judged in a plan and a preview only",
    );
    expect((await run("--explain", "secret-not-in-file")).out).toContain("judged by check only");
    const { out } = await run("--explain", "pod-security-restricted-seccomp");
    expect(out).toContain("at the level remediate the policy writes the fix itself");
    expect(out).toContain(
      "\n  options   none\n  example   pod-security-restricted-seccomp: advisory\n",
    );
  });

  it("prints the same as JSON", async () => {
    expect(
      JSON.parse((await run("--explain", "aws-security-group-entries-narrow", "--json")).out),
    ).toMatchObject({
      name: "aws-security-group-entries-narrow",
      enforcement: { production: "mandatory" },
      remediates: false,
      manifests: false,
      options: [{ name: "ports", type: "a list of whole numbers", default: [443] }],
      example: "aws-security-group-entries-narrow:\n  enforcementLevel: mandatory\n  ports: [443]",
    });
  });
});

it.each([
  [["--explain", "image-pined"], 'There is no policy "image-pined". Did you mean "image-pinned"?'],
  [
    ["--explain", "something"],
    'There is no policy "something". `npm run -s check -- --list` shows all of them.',
  ],
  [["--explain"], "--explain needs a policy: write --explain POLICY."],
  [["--list", "--theme"], "--theme needs a theme: write --theme THEME."],
  [
    ["--explain", "image-pinned", "--theme", "jobs"],
    "--explain is about one policy: leave out --theme.",
  ],
  [["--list", "--explain", "x"], "--list and --explain exclude each other; write one of them."],
  [["--list", "deploy"], '--list checks nothing: leave out "deploy".'],
  [["--explain", "x", "deploy"], '--explain POLICY checks nothing: leave out "deploy".'],
])("refuses %j with 2", async (args, message) => {
  expect(await run(...args)).toEqual({ code: 2, out: "", err: `${message}\n` });
});

it("names the nearest theme, or those that there are, to whoever asks for another", async () => {
  const near = await run("--list", "--theme", "netwrok");
  expect([near.code, near.err]).toEqual([2, '--theme is "netwrok"; did you mean "network"?\n']);
  expect((await run("--list", "--theme", "weather")).err).toMatch(
    /^--theme is "weather"; it must be "api", "availability", [^]*"workloads"\.\n$/,
  );
});
