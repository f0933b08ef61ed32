import type { System } from "../../systems/model";

/** Series are kept longer than the longest objective's window, which the error budget needs. */
export function sizing(args: { readonly system: System; readonly production: boolean }): {
  readonly retentionDays: number;
  readonly storageGib: number;
} {
  const longest = Math.max(30, ...args.system.slos.map(({ window }) => window.seconds / 86_400));
  return {
    retentionDays: args.production ? longest + 5 : 15,
    storageGib: args.production ? 50 : 20,
  };
}
