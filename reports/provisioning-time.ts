/** A typical time, and where it comes from. */
export interface Provisioning {
  readonly minutes: number;
  /** Where the number comes from. */
  readonly source: string;
  /** True for our own assumption. */
  readonly ours: boolean;
}

export const measured = (minutes: number, source: string): Provisioning => ({
  minutes,
  source,
  ours: false,
});

export const judged = (minutes: number, why: string): Provisioning => ({
  minutes,
  source: why,
  ours: true,
});
