import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProjectConfigError } from "./errors";
import { listStacks, loadStack } from "./stack-files";
import { UNKNOWN_VALUE } from "./wire";

const PROJECT = `name: runstack
runtime: nodejs
config:
  system: { type: string, description: Which system. }
  replicas: { type: integer, default: 3 }
  public: { type: boolean, default: false }
  hosts: { type: array, items: { type: string }, default: [] }
  limits: { type: object, default: {} }
  password: { type: string, secret: true }
  secrets: { type: object, default: {} }
  note: a default without a type
  digitalocean:region: { default: fra1 }
`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "stack-files-"));
  writeFileSync(join(dir, "Pulumi.yaml"), PROJECT);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const write = (stack: string, text: string): void => {
  writeFileSync(join(dir, `Pulumi.${stack}.yaml`), text);
};

/** The complete error message for a stack file with this text. */
const messageFor = (text: string): string => {
  write("prod", text);
  try {
    loadStack(dir, "prod");
  } catch (error) {
    expect(error).toBeInstanceOf(ProjectConfigError);
    return error instanceof Error ? error.message : "";
  }
  return "no error";
};

const DEFAULTS = {
  "runstack:replicas": "3",
  "runstack:public": "false",
  "runstack:hosts": "[]",
  "runstack:limits": "{}",
  "runstack:secrets": "{}",
  "runstack:note": "a default without a type",
  "digitalocean:region": "fra1",
};

describe("a stack's configuration", () => {
  it("is text, with structured values as JSON and the project's defaults", () => {
    write(
      "prod",
      `config:
  runstack:system: aeneas
  runstack:replicas: 12
  runstack:config:public: true
  runstack:hosts: [a, "1"]
  runstack:limits: { cpu: 0.5, __proto__: { x: 1 } }
  digitalocean:region: nyc1
  pulumi:disable-default-providers: ["*"]
`,
    );
    expect(loadStack(dir, "prod")).toEqual({
      name: "prod",
      config: {
        values: {
          ...DEFAULTS,
          "runstack:system": "aeneas",
          "runstack:replicas": "12",
          "runstack:public": "true",
          "runstack:hosts": '["a","1"]',
          "runstack:limits": '{"cpu":0.5,"__proto__":{"x":1}}',
          "digitalocean:region": "nyc1",
          "pulumi:disable-default-providers": '["*"]',
        },
        secretKeys: ["runstack:password"],
      },
    });
  });

  it("marks encrypted values as unknown, and lists them as secret", () => {
    write(
      "prod",
      "config:\n  runstack:system: { secure: v1:a:b }\n  aws:key: { secure: v1:c:d }\n  x:deep: { a: [{ secure: v1:e:f }], b: 1 }\n",
    );
    expect(loadStack(dir, "prod").config).toEqual({
      values: {
        ...DEFAULTS,
        "runstack:system": UNKNOWN_VALUE,
        "aws:key": UNKNOWN_VALUE,
        "x:deep": `{"a":["${UNKNOWN_VALUE}"],"b":1}`,
      },
      secretKeys: ["aws:key", "runstack:password", "runstack:system", "x:deep"],
    });
  });

  it("is listed by stack, sorted", () => {
    write("b", "");
    write("a.b", "");
    expect(listStacks(dir)).toEqual(["a.b", "b"]);
  });
});

/** The error about a plain-text secret. */
const plain = (line: number, place: string, option: string): string =>
  `Pulumi.prod.yaml, line ${line}: ${place} is plain text, but must be encrypted. Generate a new value, ` +
  `because this one was readable, and set it with: pulumi config set --secret --stack prod ${option}`;

describe("a mistake in a stack file", () => {
  it.each([
    [
      "",
      "Pulumi.prod.yaml, line 1: the file is empty; it must hold a mapping, for example `config:`.",
    ],
    ["- a\n", "Pulumi.prod.yaml, line 1: the file must hold a mapping of keys to values."],
    ["config: 5\n", "Pulumi.prod.yaml, line 1: config must be a mapping of keys to values."],
    [
      "config:\n  runstack:system: a\n  runstack:system: b\n",
      "Pulumi.prod.yaml, line 3: the key runstack:system is given twice; keep one of the two.",
    ],
    [
      "config:\n  runstack:system: a\n  runstack:config:system: b\n",
      "Pulumi.prod.yaml, line 3: the key runstack:system is given twice; keep one of the two.",
    ],
    [
      "config:\n  runstack:system: a\n  runstack:replica: 3\n",
      "Pulumi.prod.yaml, line 3: Pulumi.yaml declares no runstack:replica. Did you mean runstack:replicas?",
    ],
    [
      "config:\n  runstack:elephants: 3\n",
      "Pulumi.prod.yaml, line 2: Pulumi.yaml declares no runstack:elephants. The keys are: runstack:hosts, " +
        "runstack:limits, runstack:note, runstack:password, runstack:public, runstack:replicas, " +
        "runstack:secrets, runstack:system.",
    ],
    [
      "config:\n  runstack:postgresOperator: zalando\n",
      "Pulumi.prod.yaml, line 2: runstack:postgresOperator was removed: CloudNativePG is the only operator " +
        "for Postgres; migrate data from Zalando's operator with a dump and a restore (docs/recovery.md, " +
        '"Restore into an empty database"). Remove it with: pulumi config rm runstack:postgresOperator',
    ],
    [
      "config:\n  system: a\n",
      'Pulumi.prod.yaml, line 2: "system" is not a configuration key; keys are written <namespace>:<name>.',
    ],
    [
      "encryptionsalt: x\nconfig:\n  runstack:note: x\n",
      'Pulumi.prod.yaml, line 2: the stack "prod" must set runstack:system, which Pulumi.yaml declares without a default.',
    ],
    [
      "config:\n  runstack:system: a\n  runstack:replicas: many\n",
      'Pulumi.prod.yaml, line 3: runstack:replicas must be of type integer, but is "many".',
    ],
    [
      "config:\n  runstack:system: [a]\n",
      'Pulumi.prod.yaml, line 2: runstack:system must be of type string, but is ["a"].',
    ],
    [
      "config:\n  runstack:system: a\n  runstack:public: yes\n",
      'Pulumi.prod.yaml, line 3: runstack:public must be of type boolean, but is "yes".',
    ],
    [
      "config:\n  runstack:system: a\n  runstack:hosts: [[b]]\n",
      'Pulumi.prod.yaml, line 3: runstack:hosts must be of type array<string>, but is [["b"]].',
    ],
    [
      "config:\n  runstack:system: a\n  runstack:password: hunter2\n",
      plain(3, "runstack:password", "runstack:password"),
    ],
    [
      "config:\n  runstack:system: a\n  digitalocean:token: hunter2\n",
      plain(3, "digitalocean:token", "digitalocean:token"),
    ],
    [
      "config:\n  runstack:system: a\n  digitalocean:config:spacesSecretKey: hunter2\n",
      plain(3, "digitalocean:spacesSecretKey", "digitalocean:spacesSecretKey"),
    ],
    [
      'config:\n  runstack:system: a\n  gcp:credentials: \'{ "private_key": "hunter2" }\'\n',
      plain(3, "gcp:credentials", "gcp:credentials"),
    ],
    [
      `config:
  runstack:system: a
  runstack:secrets:
    A: { secure: v1:a:b }
    B: hunter2
    C.d: [{ secure: v1:a:b }, { e: hunter2 }]
`,
      [
        plain(5, "runstack:secrets.B", "--path 'runstack:secrets.B'"),
        plain(6, 'runstack:secrets["C.d"][1].e', `--path 'runstack:secrets["C.d"][1].e'`),
      ].join("\n"),
    ],
    [
      "config:\n  runstack:system: a\n  runstack:secrets: { A: { secure: { B: hunter2 } } }\n",
      plain(3, "runstack:secrets.A.secure.B", "--path 'runstack:secrets.A.secure.B'"),
    ],
    [
      "config:\n  runstack:system: a\n  runstack:secrets: hunter2\n",
      plain(3, "runstack:secrets", "runstack:secrets"),
    ],
    [
      "config:\n  a: &a [x, x, x, x, x, x, x, x, x]\n  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n" +
        "  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n  d: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n",
      "Pulumi.prod.yaml, line 1: its aliases expand to too much; a file can expand to at most 100 values " +
        "by aliases. Write the values out instead.",
    ],
    [
      "cofnig:\n  runstack:system: a\n",
      'Pulumi.prod.yaml, line 1: a stack file has no key "cofnig". Did you mean config?',
    ],
    [
      "config: {}\nsecretprovider: passphrase\n",
      'Pulumi.prod.yaml, line 2: a stack file has no key "secretprovider". Did you mean secretsprovider?',
    ],
    [
      "other: 1\n",
      'Pulumi.prod.yaml, line 1: a stack file has no key "other". The keys are: config, secretsprovider, ' +
        "encryptedkey, encryptionsalt, environment.",
    ],
  ])("in %j is one sentence with its place", (text, message) => {
    expect(messageFor(text)).toBe(message);
  });

  it("is not reported for paths to credentials or encrypted secrets", () => {
    const keys = `config:
  runstack:system: a
  gcp:credentials: ./key.json
  kubernetes:kubeconfig: ~/.kube/config
  digitalocean:token: { secure: v1:a:b }
  runstack:secrets: { A: { secure: v1:a:b }, B: [{ secure: v1:a:b }] }
`;
    expect(messageFor(keys)).toBe("no error");
    write("dev", "config:\n  runstack:system: a\n  runstack:secrets: { secure: v1:a:b }\n");
    expect(loadStack(dir, "dev").config.secretKeys).toContain("runstack:secrets");
  });

  it("is not reported for the other keys that the engine knows", () => {
    const keys =
      "secretsprovider: passphrase\nencryptedkey: a\nencryptionsalt: b\nenvironment: []\n";
    expect(messageFor(`${keys}config:\n  runstack:system: a\n`)).toBe("no error");
  });

  it.each([
    ["[base, { team/keys: { merge: false } }]", "the ESC environment base, team/keys"],
    ["{ imports: [base] }", "the ESC environment base"],
    ["{ values: { pulumiConfig: { a:b: c } } }", "the ESC environment in this file"],
  ])("can be the import %s, unless it is to be ignored", (environment, named) => {
    const text = `environment: ${environment}\nconfig:\n  runstack:system: a\n`;
    expect(messageFor(text)).toBe(
      `Pulumi.prod.yaml, line 1: a plan has no credentials to open ${named}, which may set any key ` +
        "that this file does not. Set the keys that Pulumi.yaml declares in this file and plan with " +
        "--ignore-environments, or use `pulumi preview`.",
    );
    expect(loadStack(dir, "prod", { ignoreEnvironments: true }).warnings).toEqual([
      `This plan does not know the values of ${named}: keys that are only set there have their ` +
        "defaults here.",
    ]);
  });

  it("is shown with its position if the file is not YAML", () => {
    expect(messageFor("config:\n  a: [1\n  b: 2\n")).toMatch(
      /^Pulumi\.prod\.yaml, line \d: this is not YAML: .*\.$/u,
    );
  });

  it("can be a file that is too large", () => {
    expect(messageFor(`a: ${"x".repeat(1024 * 1024)}`)).toBe(
      "Pulumi.prod.yaml cannot be read: it is larger than 1 MiB.",
    );
  });

  it("lists the stacks if one does not exist", () => {
    write("prod", "");
    write("staging", "");
    expect(() => loadStack(dir, "../prod")).toThrow(
      'The stack "../prod" does not exist: there is no Pulumi.../prod.yaml. The stacks are: prod, staging.',
    );
  });
});

describe("a mistake in the project file", () => {
  it.each([
    [
      "name: a b\n",
      "Pulumi.yaml, line 1: name must be set, to letters, digits, hyphens, underscores and periods.",
    ],
    [
      "name: x\nruntime: python\n",
      'Pulumi.yaml, line 2: runtime must be nodejs; "python" cannot be planned offline.',
    ],
    [
      "name: x\nruntime: { name: nodejs, options: { typescript: maybe } }\n",
      "Pulumi.yaml, line 2: typescript must be true or false.",
    ],
    [
      "name: x\nruntime: nodejs\nconfig:\n  a: { type: number }\n",
      "Pulumi.yaml, line 4: config a: type must be one of string, integer, boolean, object, array.",
    ],
    [
      "name: x\nruntime: nodejs\nconfig:\n  a: { type: integer, default: b }\n",
      "Pulumi.yaml, line 4: config a: the default must be of type integer.",
    ],
    [
      "name: x\nruntime: nodejs\nconfig:\n  aws:token: hunter2\n",
      "Pulumi.yaml, line 4: config aws:token: a secret has no default. Remove it, and set it in each stack.",
    ],
  ])("in %j is one sentence with its place", (text, message) => {
    writeFileSync(join(dir, "Pulumi.yaml"), text);
    expect(messageFor("config: {}\n")).toBe(message);
  });
});
