/**
 * The cost of a check of 1 to 10,000 Deployments, each in a file of its own, compared with Checkov and kube-score on the
 * same files in the same run, where they are installed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure, type Measured } from "./process-tree";

const ROOT = join(__dirname, "../..");
const CHECK = [join(ROOT, "cli/run.cjs"), "check", "cli/check.ts"];
const SIZES = [1, 100, 1000, 10_000] as const;
/** Checkov takes minutes for the largest. */
const COMPARED: readonly number[] = [1, 100, 1000];
/** Without calls to its vendor's service, for the best speed. */
const CHECKOV = ["--framework", "kubernetes", "--quiet", "--compact", "--skip-download", "-d"];

/** Other tools, and what makes them look at a folder. */
interface Other {
  readonly name: string;
  readonly executable: string;
  readonly args: (folder: string, files: readonly string[]) => readonly string[];
}

export interface Executables {
  readonly checkov: string;
  readonly kubeScore: string;
}

const others = ({ checkov, kubeScore }: Executables): readonly Other[] => [
  { name: "Checkov", executable: checkov, args: (folder) => [...CHECKOV, folder] },
  { name: "kube-score", executable: kubeScore, args: (_, files) => ["score", ...files] },
];

interface Row {
  readonly size: number;
  readonly ours: Measured[];
  /** By name of the other tool. */
  readonly theirs: Readonly<Record<string, Measured[]>>;
}

/** A Deployment with a few violations, so that lines are looked up. */
const deployment = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: api
          image: registry.example.com/shop/${name}:1.7.3
          ports:
            - name: http
              containerPort: 8110
          env:
            - name: LOG_LEVEL
              value: info
            - name: REGION
              value: "eu-1"
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: ["ALL"]
          resources:
            requests:
              cpu: 130m
              memory: 170Mi
            limits:
              memory: 290Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: 8110
            periodSeconds: 7
          livenessProbe:
            httpGet:
              path: /live
              port: 8110
            periodSeconds: 11
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
`;

/** @returns the files */
function write(folder: string, count: number): readonly string[] {
  mkdirSync(folder);
  return Array.from({ length: count }, (_, index) => {
    const name = `service-${index}`;
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, deployment(name));
    return file;
  });
}

/** The tool's results, or none if it does not exist. A violation (1) is a result. */
async function other(
  { executable, args }: Other,
  folder: string,
  files: readonly string[],
): Promise<readonly Measured[]> {
  try {
    const measured = await measure(args(folder, files), folder, executable);
    return measured.code === 0 || measured.code === 1 ? [measured] : [];
  } catch {
    return [];
  }
}

async function measured(
  runs: number,
  tools: readonly Other[],
  root: string,
): Promise<readonly Row[]> {
  const rows: Row[] = SIZES.map((size) => ({
    size,
    ours: [],
    theirs: Object.fromEntries(tools.map(({ name }) => [name, []])),
  }));
  const files = rows.map(({ size }) => write(join(root, String(size)), size));
  // Builds what is older than its sources, which is not part of a check.
  await measure([...CHECK, "--list"], root);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, { size, ours, theirs }] of rows.entries()) {
      process.stderr.write(`run ${run + 1} of ${runs}: ${size} Deployments\n`);
      const folder = join(root, String(size));
      const one = await measure([...CHECK, folder], root);
      if (one.code !== 0 && one.code !== 1)
        throw new Error(`check ended with ${String(one.code)}: ${one.stderr}`);
      ours.push(one);
      if (!COMPARED.includes(size)) continue;
      for (const tool of tools) {
        theirs[tool.name]?.push(...(await other(tool, folder, files[index] ?? [])));
      }
    }
  }
  return rows;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const wallOf = (all: readonly Measured[]): number => median(all.map(({ ms }) => ms));
const processorOf = (all: readonly Measured[]): number =>
  median(all.map(({ processorMs }) => processorMs));

/** Empty where nothing was measured. */
const shown = (value: number, digits: number, unit: string): string =>
  Number.isNaN(value) ? "" : `${value.toFixed(digits)}${unit}`;

const seconds = (ms: number): string => shown(ms / 1000, 2, " s");

const memory = (all: readonly Measured[]): string =>
  shown(median(all.map(({ peakMiB }) => peakMiB)), 0, " MiB");

/** Wall and processor time of one tool, and how often ours fits into each. */
function line(
  name: string,
  all: readonly Measured[],
  row: Row,
  startMs: number,
): readonly string[] {
  const isOurs = all === row.ours;
  const each = (wallOf(all) - startMs) / row.size;
  return [
    isOurs ? String(row.size) : "",
    name,
    seconds(wallOf(all)),
    seconds(processorOf(all)),
    memory(all),
    isOurs && row.size > 1 ? shown(each, 2, " ms") : "",
    isOurs ? "" : shown(wallOf(all) / wallOf(row.ours), 1, ""),
    isOurs ? "" : shown(processorOf(all) / processorOf(row.ours), 1, ""),
  ];
}

const HEAD = ["Deployments", "", "wall", "processor", "memory", "each", "× wall", "× processor"];

export async function checkSection(runs: number, executables: Executables): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "runstack-bench-"));
  try {
    const tools = others(executables);
    const rows = await measured(runs, tools, root);
    const startMs = wallOf(rows[0]?.ours ?? []);
    const lines = rows.flatMap((row) => [
      line("check", row.ours, row, startMs),
      ...tools.flatMap(({ name }) => {
        const all = row.theirs[name] ?? [];
        return all.length === 0 ? [] : [line(name, all, row, startMs)];
      }),
    ]);
    return [
      ...[HEAD, ...lines].map((cells) =>
        cells
          .map((cell) => cell.padStart(12))
          .join("")
          .trimEnd(),
      ),
      "",
      `Medians of ${runs} runs, start included, output thrown away. Each: time above that of one`,
      "Deployment, by Deployment. ×: how much longer the other tool takes. Checkov runs without its",
      "downloads. A tool that is not installed has no row.",
      "",
    ].join("\n");
  } finally {
    rmSync(root, { recursive: true });
  }
}
