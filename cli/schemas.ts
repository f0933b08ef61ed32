/**
 * `npm run -s schemas`: writes the types of the Kubernetes API from its official OpenAPI document, which is
 * in the Go module k8s.io/kubernetes. `--check` only compares them with what is committed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemasText } from "./schemas/reduce";

/** The Kubernetes version whose API the policies know. */
const MODULE = "k8s.io/kubernetes@v1.37.2";
const FILE = join(__dirname, "..", "lib", "kubernetes-types.ts");
const DOCUMENT = "api/openapi-spec/swagger.json";
/** The document omits enumerations; the source that it is generated from has them. */
const SOURCE = "pkg/generated/openapi/zz_generated.openapi.go";
/** As `.ci/run` understands it. */
const SKIPPED = 77;

/** The module's folder; undefined without Go, or if Go cannot get it. */
function moduleFolder(): string | undefined {
  const cwd = mkdtempSync(join(tmpdir(), "runstack-schemas-"));
  try {
    const text = execFileSync("go", ["mod", "download", "-json", MODULE], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    return (JSON.parse(text) as { readonly Dir: string }).Dir;
  } catch {
    return undefined;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** A text in a module, so that it is read only where it is needed, and is part of a bundle. */
const moduleOf = (json: string): string => `/* eslint-disable max-lines -- data */
/** The types of the Kubernetes API as JSON: written by \`npm run -s schemas\`, read by policies/kubernetes/api. */
export const KUBERNETES_TYPES = \`${json.trimEnd()}\`;
`;

function run(isCheck: boolean): number {
  const folder = moduleFolder();
  if (folder === undefined) {
    console.log(`skipped: Go is not installed, or could not download ${MODULE}.`);
    return SKIPPED;
  }
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  const version = MODULE.slice(MODULE.indexOf("@") + 1);
  const text = moduleOf(schemasText(version, JSON.parse(read(DOCUMENT)), read(SOURCE)));
  if (!isCheck) {
    writeFileSync(FILE, text);
    return 0;
  }
  if (readFileSync(FILE, "utf8") === text) return 0;
  console.log(`${FILE} is not what ${MODULE} says; run \`npm run -s schemas\` and commit it.`);
  return 1;
}

process.exitCode = run(process.argv.includes("--check"));
