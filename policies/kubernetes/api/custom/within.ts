/** Runs code of a definition, such as a regular expression, for a limited time. */
import { Script, createContext } from "node:vm";

/** Milliseconds; the API server bounds the cost of a rule before it accepts the definition. */
const MOST = 500;
/** When so many took too long, the definitions mean harm, and the others get less. */
const MANY = 8;
const LITTLE = 20;

let slot: { run: () => unknown } | undefined;
let context: ReturnType<typeof createContext> | undefined;
const script = new Script("slot.run()");
/** What took too long once is not tried again, for any of a thousand objects. */
const slow = new Set<string>();

export const isSlow = (what: string): boolean => slow.has(what);

/**
 * @param what the pattern or the rule
 * @throws if it takes longer, now or before, or throws itself
 */
export function within<T>(what: string, run: () => T): T {
  if (isSlow(what)) throw new Error("it takes too long");
  slot ??= { run };
  slot.run = run;
  context ??= createContext({ slot });
  try {
    const timeout = slow.size < MANY ? MOST : LITTLE;
    return script.runInContext(context, { timeout }) as T;
  } catch (error) {
    if (Reflect.get(Object(error), "code") !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    slow.add(what);
    throw new Error("it takes too long", { cause: error });
  }
}
