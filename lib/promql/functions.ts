/**
 * What each function of PromQL takes and returns, from
 * https://prometheus.io/docs/prometheus/latest/querying/functions/. Experimental ones are among them:
 * whether a server has them switched on cannot be seen in an expression.
 */

export type ValueType = "scalar" | "string" | "instant vector" | "range vector";

export interface Signature {
  readonly takes: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional: number;
  /** How often the last argument may be repeated; default: never. */
  readonly repeats: number;
  readonly returns: ValueType;
}

const VECTOR = "instant vector";
const RANGE = "range vector";
const TEXT = "string";

const named = (
  names: string,
  takes: readonly ValueType[],
  { returns = VECTOR, optional = 0, repeats = 0 }: Partial<Signature> = {},
): readonly (readonly [string, Signature])[] =>
  names.split(" ").map((name) => [name, { takes, optional, repeats, returns }]);

export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...named("abs absent ceil deg exp floor ln log10 log2 rad sgn sort sort_desc sqrt", [VECTOR]),
  ...named("acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh", [VECTOR]),
  ...named("histogram_avg histogram_count histogram_stddev histogram_stdvar", [VECTOR]),
  ...named("histogram_sum timestamp start_timestamp", [VECTOR]),
  ...named("hour minute month year", [VECTOR], { optional: 1 }),
  ...named("days_in_month day_of_month day_of_week day_of_year", [VECTOR], { optional: 1 }),
  ...named("changes delta deriv idelta increase irate rate resets", [RANGE]),
  ...named("absent_over_time avg_over_time count_over_time first_over_time", [RANGE]),
  ...named("last_over_time mad_over_time max_over_time min_over_time", [RANGE]),
  ...named("present_over_time stddev_over_time stdvar_over_time sum_over_time", [RANGE]),
  ...named("ts_of_first_over_time ts_of_last_over_time", [RANGE]),
  ...named("ts_of_max_over_time ts_of_min_over_time", [RANGE]),
  ...named("clamp", [VECTOR, "scalar", "scalar"]),
  ...named("clamp_max clamp_min", [VECTOR, "scalar"]),
  ...named("double_exponential_smoothing", [RANGE, "scalar", "scalar"]),
  ...named("end pi range start step time", [], { returns: "scalar" }),
  ...named("histogram_fraction", ["scalar", "scalar", VECTOR]),
  ...named("histogram_quantile", ["scalar", VECTOR]),
  ...named("histogram_quantiles", [VECTOR, TEXT, "scalar"], { repeats: 9 }),
  ...named("info", [VECTOR, VECTOR], { optional: 1 }),
  ...named("label_join", [VECTOR, TEXT, TEXT, TEXT], { optional: 1, repeats: Infinity }),
  ...named("label_replace", [VECTOR, TEXT, TEXT, TEXT, TEXT]),
  ...named("predict_linear", [RANGE, "scalar"]),
  ...named("quantile_over_time", ["scalar", RANGE]),
  ...named("round", [VECTOR, "scalar"], { optional: 1 }),
  ...named("scalar", [VECTOR], { returns: "scalar" }),
  ...named("sort_by_label sort_by_label_desc", [VECTOR, TEXT], { optional: 1, repeats: Infinity }),
  ...named("vector", ["scalar"]),
]);

/** The parameter that an aggregation takes before its vector; the others take none. */
export const PARAMETERS: Readonly<Record<string, ValueType>> = {
  topk: "scalar",
  bottomk: "scalar",
  quantile: "scalar",
  limitk: "scalar",
  limit_ratio: "scalar",
  count_values: TEXT,
};
