import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { main } from "./new-system";

const INDEX = `import type { System } from "./model";
import { aia } from "./aia";

export const SYSTEMS = {
  aia,
} satisfies Readonly<Record<string, System>>;
`;

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "runstack-cli-"));
  mkdirSync(join(dir, "systems"));
  writeFileSync(join(dir, "systems/index.ts"), INDEX);
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const read = (path: string): string => readFileSync(join(dir, path), "utf8");
const written = (): readonly string[] => [
  ...readdirSync(dir),
  ...readdirSync(join(dir, "systems")),
];

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

/** The command in the temporary project; with answers, at a terminal. */
async function run(flags: string, answers?: readonly string[]): Promise<Run> {
  const said = { out: "", err: "" };
  const asked: string[] = [];
  const left = [...(answers ?? [])];
  const code = await main(["--dir", dir, ...(flags === "" ? [] : flags.split(" "))], {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    ask:
      answers === undefined
        ? undefined
        : (question) => {
            asked.push(question);
            return Promise.resolve(left.shift() ?? "");
          },
  });
  // Long sentences go on in the next line.
  return { code, out: said.out, err: said.err.replace(/\n {2}(?=\S)/g, " "), asked };
}

const ENOUGH = "--name shop --cloud aws --service web:3456";

it("writes the system, registers it, and writes two stack files", async () => {
  const { code, out, err } = await run(
    "--name old-shop --cloud digitalocean --service web:3456 --service api:8123 --postgres managed --kafka managed --domain shop.test",
  );
  expect([code, err]).toEqual([0, ""]);
  expect(read("systems/old-shop.ts"))
    .toBe(`/** Old Shop. Attributes that are left out have the defaults documented in systems/define.ts. */
import { defineSystem } from "./define";

export const oldShopSystem = defineSystem({
  name: "old-shop",
  title: "Old Shop",
  cloud: "digitalocean",
  services: [
    { name: "web", port: 3456 },
    { name: "api", port: 8123 },
  ],
  postgres: "managed",
  kafka: "managed",
});
`);
  expect(read("systems/index.ts")).toBe(`import type { System } from "./model";
import { aia } from "./aia";
import { oldShopSystem } from "./old-shop";

export const SYSTEMS = {
  aia,
  "old-shop": oldShopSystem,
} satisfies Readonly<Record<string, System>>;
`);
  expect(read("Pulumi.old-shop-staging.yaml")).toBe(`config:
  runstack:system: "old-shop"
  runstack:environment: staging
  runstack:cloud: digitalocean
  runstack:domain: staging.shop.test
  # The zone that holds the domain's records.
  runstack:dnsZone: shop.test
  runstack:email: platform@shop.test
  runstack:runbookUrl: https://runbooks.shop.test
  runstack:region: nyc3
  # A version that DigitalOcean offers: doctl databases options versions --engine kafka
  runstack:kafkaVersion: "4.0"
  runstack:images:
    web: registry.example.com/old-shop/web:1.0.0
    api: registry.example.com/old-shop/api:1.0.0
`);
  expect(read("Pulumi.old-shop-prod.yaml")).toContain("  runstack:domain: shop.test\n");
  expect(out).toContain("npm run -s plan -- old-shop-prod old-shop-staging\n");
});

it("asks for missing answers, repeats after invalid ones, and offers defaults", async () => {
  const answers = ["Shop", "shop", "", "azure", "gcp", "web", "web:3456, api:8123", "", "managd"];
  const { code, asked, err } = await run("--redis external", [...answers, "none", ""]);
  expect(code).toBe(0);
  expect(asked).toEqual([
    "Name (a-z, 0-9, -): ",
    "Name (a-z, 0-9, -): ",
    "Title [Shop]: ",
    "Cloud (digitalocean, aws, gcp, existing): ",
    "Cloud (digitalocean, aws, gcp, existing): ",
    "Services (NAME:PORT, the one for browsers first): ",
    "Services (NAME:PORT, the one for browsers first): ",
    "Who runs postgres (managed, operator, external, none) [none]: ",
    "Who runs kafka (managed, operator, external, none) [none]: ",
    "Who runs kafka (managed, operator, external, none) [none]: ",
    "Domain [shop.example.com]: ",
  ]);
  expect(err).toBe(
    [
      'The name is "Shop", but must be 2 to 19 characters of a-z, 0-9 and -, starting with a letter and not ending with -.',
      'The cloud is "azure", but must be "digitalocean", "aws", "gcp" or "existing".',
      'A service is "web", but must be NAME:PORT, such as api:8080.',
      '--kafka is "managd", but must be "managed", "operator", "external" or "none" (did you mean "managed"?).',
      "",
    ].join("\n"),
  );
  expect(read("systems/shop.ts")).toContain('  redis: "external",\n});\n');
});

it("asks nothing if all answers are given or there is no terminal", async () => {
  const all = `${ENOUGH} --title Shop --postgres none --redis none --kafka none --domain shop.test`;
  expect((await run(all, [])).asked).toEqual([]);
  expect(await run("--name shop2 --title Shop")).toMatchObject({
    code: 2,
    err: "Standard input is not a terminal, so no questions can be asked: give --cloud, --service.\n",
  });
});

it.each([
  [`${ENOUGH} --cloud gcp`, "The option --cloud is given twice; give it once."],
  ["--nmae shop", 'Unknown option "--nmae". Did you mean --name?'],
  ["shop", '"shop" is not an option. Run `npm run -s new-system -- --help` for help.'],
  ["--name --cloud", "--name needs a value: write --name NAME."],
  [
    `${ENOUGH} --service web:3457`,
    'The name "web" among services is declared twice, but must be unique: rename or remove one.',
  ],
  [
    "--name keda --cloud aws --service web:3456",
    'The name is "keda", which is reserved for a namespace of the platform: choose another name.',
  ],
  [
    "--name shop --cloud aws --service web:80",
    'A port of service "web" is 80, but must be a whole number from 1024 to 65535, since pods run without root: choose another port.',
  ],
  [
    "--name shop --cloud aws --service Web:8080",
    'A service\'s name is "Web", but must be like api or web-front.',
  ],
  [
    `${ENOUGH} --domain shop`,
    'The domain is "shop", but must be a host name in lower case, such as shop.example.com.',
  ],
  [
    "--name shop --cloud existing --service web:3456 --redis managed",
    '--redis is "managed", but an existing cluster has no managed redis: choose "operator" or "external".',
  ],
])("writes nothing for %s", async (flags, sentence) => {
  const before = written();
  const { code, err, out } = await run(flags);
  expect([code, out, written(), read("systems/index.ts")]).toEqual([2, "", before, INDEX]);
  expect(err).toBe(`${sentence}\n`);
});

it.each([
  ["systems/shop.ts", "// mine\n"],
  ["Pulumi.shop-staging.yaml", "config: {}\n"],
])("never overwrites %s", async (path, text) => {
  writeFileSync(join(dir, path), text);
  const { code, err } = await run(ENOUGH);
  expect([code, err]).toEqual([2, `${path} already exists: choose another name.\n`]);
  expect(read(path)).toBe(text);
  expect(read("systems/index.ts")).toBe(INDEX);
  expect(written()).not.toContain("Pulumi.shop-prod.yaml");
});

it("refuses the name of a system's folder, and names that differ only by a hyphen", async () => {
  mkdirSync(join(dir, "systems/shop"));
  expect((await run(ENOUGH)).err).toBe("systems/shop already exists: choose another name.\n");
  expect((await run("--name a1 --cloud aws --service web:3456")).code).toBe(0);
  expect((await run("--name a-1 --cloud aws --service web:3456")).err).toBe(
    'systems/index.ts cannot take "a-1": its format is unexpected, or it has a system with a similar name. Choose another name.\n',
  );
});

it("says where to run it, and prints help", async () => {
  rmSync(join(dir, "systems/index.ts"));
  expect((await run(ENOUGH)).err).toBe(
    `${dir} has no systems/index.ts: run this in the project's folder.\n`,
  );
  const { code, out } = await run("--help");
  expect([code, out.split("\n")[0]]).toEqual([
    0,
    "Writes a new system and two stack files that plan without a mandatory violation. On a terminal, what",
  ]);
});
