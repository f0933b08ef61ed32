/** The file of `plan --policy-pack-config`, in the same format that the engine accepts. */
import { readFileSync } from "node:fs";
import type { PolicyPackConfig } from "../offline/policy-config";
import { UsageError } from "./arguments";

const OPTION = "--policy-pack-config";

/** Names and levels are checked against the pack once it has started. @throws UsageError */
export function readPolicyPackConfig(file: string): PolicyPackConfig {
  const config = parsed(file, read(file));
  if (typeof config === "object" && config !== null && !Array.isArray(config)) {
    return config as PolicyPackConfig;
  }
  throw new UsageError(
    `${OPTION} ${file} is not an object; write policy names, or all, with their levels: { "all": "advisory" }.`,
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`${OPTION} ${file} cannot be read (${reason}); name a JSON file.`);
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${OPTION} ${file} is not JSON: ${reason}.`);
  }
}
