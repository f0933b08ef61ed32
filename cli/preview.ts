/** `plan --preview FILE`: the engine's preview beside the plan of the same commit. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf } from "../lib/reading";
import type { Plan } from "../offline/plan";
import { comparePreview, readPreview, type EnginePreview } from "../reports/preview/preview";
import { previewText } from "../reports/preview/text";
import { UsageError } from "./options";

/** @throws UsageError */
export function previewIn(file: string, folder: string): EnginePreview {
  try {
    return readPreview(readFileSync(resolve(folder, file), "utf8"));
  } catch (error) {
    throw new UsageError(
      `--preview ${file} cannot be used: ${reasonOf(error)}. Write it by: pulumi preview --json --show-sames`,
    );
  }
}

export function comparison(
  plan: Plan,
  preview: EnginePreview,
): { readonly text: string; readonly differs: boolean } {
  const compared = comparePreview(plan, preview);
  return { text: previewText(plan, compared), differs: compared.differences.length > 0 };
}
