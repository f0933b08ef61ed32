/**
 * The cost of a check of 1 to 10,000 Deployments, each size in one file, compared with Checkov on the same files
 * in the same run if it is installed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure, type Measured } from "./process-tree";

const ROOT = join(__dirname, "../..");
const CHECK = [join(ROOT, "cli/run.cjs"), "check", "cli/check.ts"];
const SIZES = [1, 1000, 10_000] as const;
/** Checkov takes minutes for the largest. */
const COMPARED: readonly number[] = [1, 1000];
/** Without calls to its vendor's service, for the best speed. */
const CHECKOV = ["--framework", "kubernetes", "--quiet", "--compact", "--skip-download", "-d"];

interface Row {
  readonly size: number;
  readonly ours: Measured[];
  readonly checkov: Measured[];
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

function write(folder: string, count: number): void {
  mkdirSync(folder);
  for (let index = 0; index < count; index += 1) {
    const name = `service-${index}`;
    writeFileSync(join(folder, `${name}.yaml`), deployment(name));
  }
}

/** The executable's results, or none if it does not exist. */
async function checkov(executable: string, folder: string): Promise<readonly Measured[]> {
  try {
    const measured = await measure([...CHECKOV, folder], folder, executable);
    return measured.code === 0 || measured.code === 1 ? [measured] : [];
  } catch {
    return [];
  }
}

async function measured(runs: number, executable: string, root: string): Promise<readonly Row[]> {
  const rows: Row[] = SIZES.map((size) => ({ size, ours: [], checkov: [] }));
  for (const { size } of rows) write(join(root, String(size)), size);
  for (let run = 0; run < runs; run += 1) {
    for (const { size, ours, checkov: theirs } of rows) {
      process.stderr.write(`run ${run + 1} of ${runs}: ${size} Deployments\n`);
      const folder = join(root, String(size));
      const one = await measure([...CHECK, folder], root);
      if (one.code !== 1) throw new Error(`check ended with ${String(one.code)}: ${one.stderr}`);
      ours.push(one);
      if (COMPARED.includes(size)) theirs.push(...(await checkov(executable, folder)));
    }
  }
  return rows;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const seconds = (measurements: readonly Measured[]): string =>
  measurements.length === 0
    ? ""
    : `${(median(measurements.map(({ ms }) => ms)) / 1000).toFixed(2)} s`;

const memory = (measurements: readonly Measured[]): string =>
  measurements.length === 0
    ? ""
    : `${median(measurements.map(({ peakMiB }) => peakMiB)).toFixed(0)} MiB`;

function cells({ size, ours, checkov: theirs }: Row, startMs: number): readonly string[] {
  const wall = median(ours.map(({ ms }) => ms));
  const ratio = median(theirs.map(({ ms }) => ms)) / wall;
  return [
    String(size),
    seconds(ours),
    memory(ours),
    size === 1 ? "" : `${((wall - startMs) / size).toFixed(2)} ms`,
    seconds(theirs),
    memory(theirs),
    Number.isNaN(ratio) ? "" : ratio.toFixed(1),
  ];
}

/** @param executable of Checkov */
export async function checkSection(runs: number, executable: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "runstack-bench-"));
  try {
    const rows = await measured(runs, executable, root);
    const startMs = median(rows[0]?.ours.map(({ ms }) => ms) ?? []);
    const head = ["Deployments", "check", "memory", "each", "Checkov", "memory", "× check"];
    const table = [head, ...rows.map((row) => cells(row, startMs))];
    return [
      ...table.map((row) =>
        row
          .map((cell) => cell.padStart(12))
          .join("")
          .trimEnd(),
      ),
      "",
      `Medians of ${runs} runs, start included, output thrown away. Each: time above that of one`,
      "Deployment, by Deployment. Checkov runs without its downloads; empty where it is not there.",
      "",
    ].join("\n");
  } finally {
    rmSync(root, { recursive: true });
  }
}
