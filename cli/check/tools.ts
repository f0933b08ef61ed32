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
  const said = stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s*#|^W\d|WARN/i.test(line));
  return {
    failure: said.slice(0, 2).join(" ").slice(0, 400) || `it ended with ${status ?? "a signal"}`,
  };
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
