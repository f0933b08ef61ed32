/** Plugins of our own for the real engine, as commands in a folder, for its PATH. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const PROVIDERS = ["aws", "digitalocean", "gcp", "kubernetes", "random"];

const TSX = createRequire(__filename).resolve("tsx/cjs");

/** The Node language host, for an engine without one. */
export function writeLanguageHost(folder: string): void {
  write(folder, "pulumi-language-nodejs", "language-host.ts");
}

/** Providers that create nothing anywhere. */
export function writeProviders(folder: string): void {
  for (const one of PROVIDERS) write(folder, `pulumi-resource-${one}`, "../clouds/provider.ts");
}

function write(folder: string, command: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, command);
  const words = [process.execPath, "--require", TSX, join(__dirname, file)];
  writeFileSync(path, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
}
