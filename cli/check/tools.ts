/**
 * The tools that render kustomizations and charts: found on PATH, and run on files that may be malicious. No
 * shell, no network, no configuration of the user, nothing that lies in the files that are checked, and an end
 * after some time.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, relative } from "node:path";

export interface Tools {
  /** `kubectl` or `kustomize`, as its path. */
  readonly kustomize?: { readonly path: string; readonly args: readonly string[] };
  readonly helm?: { readonly path: string };
}

export type Output =
  | { readonly text: string }
  /** Why there is none, as a clause. */
  | { readonly failure: string };

const LONGEST_MS = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** A folder that no system has, so that no configuration and no plugin is found. */
const NOWHERE = "/nonexistent/runstack";
/** A port that nothing answers on. */
const NO_NETWORK = "http://127.0.0.1:9";

/** @param within folders of the checked files: what lies there is not run */
export function toolsOnPath(path: string, within: readonly string[]): Tools {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const find = (name: string): string | undefined =>
    folders.map((folder) => join(folder, name)).find((file) => mayRun(file, within));
  const [kubectl, kustomize, helm] = ["kubectl", "kustomize", "helm"].map(find);
  return {
    ...(kustomize === undefined ? {} : { kustomize: { path: kustomize, args: ["build"] } }),
    ...(kubectl === undefined ? {} : { kustomize: { path: kubectl, args: ["kustomize"] } }),
    ...(helm === undefined ? {} : { helm: { path: helm } }),
  };
}

function mayRun(file: string, within: readonly string[]): boolean {
  try {
    accessSync(file, constants.X_OK);
    const places = [file, realpathSync(file)];
    return statSync(file).isFile() && !places.some((place) => within.some((it) => isIn(place, it)));
  } catch {
    return false;
  }
}

function isIn(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return !path.startsWith("..") && !isAbsolute(path);
}

export function run(tool: string, args: readonly string[]): Output {
  const { stdout, stderr, status, error } = spawnSync(tool, args, {
    encoding: "utf8",
    env: environmentFor(tool),
    killSignal: "SIGKILL",
    maxBuffer: MOST_BYTES,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LONGEST_MS,
  });
  if (error !== undefined) return { failure: reasonOf(error) };
  if (status === 0) return { text: stdout };
  return { failure: reasonIn(stderr) || `it ended with ${status ?? "a signal"}` };
}

/** What Kubernetes' tools write before a line of a log: `E1201 08:00:00.000000     123 file.go:12] `. */
const OF_LOG = /^[IWEF]\d{4} [\d:.]+ +\d+ [^\]\s]+\] /;
const NO_REASON = /^\s*(?:#|$)|^[IW]\d{4} |^WARN/i;

/** A message of such a log that has its reason beside it: `"command failed" err="no \"a\""`. */
const WITH_REASON = /^"[^"]*" err=("(?:[^"\\]|\\.)*")$/;

/** The first two lines that are neither notes nor warnings; those if there is nothing else. */
function reasonIn(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
  const said = lines.filter((line) => !NO_REASON.test(line));
  return (said.length > 0 ? said : lines)
    .slice(0, 2)
    .map((line) => line.replace(OF_LOG, "").trim().replace(WITH_REASON, unquoted))
    .join(" ")
    .slice(0, 400);
}

/** Go quotes as JSON does, but for rare characters. */
function unquoted(all: string, quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return all;
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ETIMEDOUT") return `it takes longer than ${LONGEST_MS / 1000} s`;
  if (error.code === "ENOBUFS") return `it writes more than ${MOST_BYTES / 1024 / 1024} MiB`;
  return error.message;
}

const environmentFor = (tool: string): Record<string, string> => ({
  // A tool may be a script that calls its neighbour; git is not there.
  PATH: dirname(tool),
  HOME: NOWHERE,
  XDG_CACHE_HOME: NOWHERE,
  XDG_CONFIG_HOME: NOWHERE,
  XDG_DATA_HOME: NOWHERE,
  HELM_PLUGINS: NOWHERE,
  KUBECONFIG: NOWHERE,
  HTTP_PROXY: NO_NETWORK,
  HTTPS_PROXY: NO_NETWORK,
  http_proxy: NO_NETWORK,
  https_proxy: NO_NETWORK,
  NO_PROXY: "",
});
