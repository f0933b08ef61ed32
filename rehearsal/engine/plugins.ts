/** Plugins of our own for the real engine, as commands in a folder, for its PATH. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const CLOUDS = ["aws", "digitalocean", "gcp", "random"];
/** Commands that a kubeconfig calls for a credential, one for each cloud. */
const CREDENTIALS = ["aws", "doctl", "gke-gcloud-auth-plugin"];

const TSX = createRequire(__filename).resolve("tsx/cjs");

/** The Node language host, for an engine without one. */
export function writeLanguageHost(folder: string): void {
  write(folder, "pulumi-language-nodejs", "language-host.ts");
}

/** The providers of the clouds, and what lets clients into the clusters that they create. */
export function writeClouds(folder: string): void {
  for (const one of CLOUDS) write(folder, `pulumi-resource-${one}`, "../clouds/provider.ts");
  for (const one of CREDENTIALS) write(folder, one, "../clouds/credential.ts");
}

/** With a provider of Kubernetes that asks no cluster. */
export function writeProviders(folder: string): void {
  writeClouds(folder);
  write(folder, "pulumi-resource-kubernetes", "../clouds/provider.ts");
}

function write(folder: string, command: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, command);
  const words = [process.execPath, "--require", TSX, join(__dirname, file)];
  writeFileSync(path, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
}
