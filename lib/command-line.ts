/** How whoever reads this has started the command, so that what is printed can be typed. */
import { basename } from "node:path";

/** The name of the installed command. In a checkout, npm starts each command as a script. */
const INSTALLED = "runstack";

/** Whether a process was started by the installed command. */
export const isInstalled = (script: string | undefined): boolean =>
  basename(script ?? "").startsWith(INSTALLED);

/** `runstack check`, or `npm run -s check --`. */
export const commandLine = (name: string, script = process.argv[1]): string =>
  isInstalled(script) ? `${INSTALLED} ${name}` : `npm run -s ${name} --`;
