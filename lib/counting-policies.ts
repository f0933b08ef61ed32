/** Policies of the pack that violate nothing: they say what others left open, or let pass. */
export const COUNTING_POLICIES: ReadonlySet<string> = new Set(["exempted", "undecided"]);
