/** Examples on which the pack differs from another tool, and why it is right to. */
export interface Difference {
  readonly tool: string;
  /** Parts of the examples' titles. */
  readonly examples: readonly string[];
  readonly reason: string;
}

export const DIFFERENCES: readonly Difference[] = [];
