/**
 * The tests that may be skipped, each for what the machine lacks, and a reporter that fails the run
 * for every other skipped or todo test, because a test that never runs looks green.
 */
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node" with {
  "resolution-mode": "import",
};

interface Skippable {
  /** Relative to the repository. */
  readonly file: string;
  /** Full name of a test, or of a group of which all tests may be skipped. */
  readonly name: string;
  readonly because: string;
}

/** One test that was not run. */
export interface Skipped {
  readonly file: string;
  /** The names of its groups and its own, with ` > ` between them. */
  readonly name: string;
}

export const SKIPPABLE: readonly Skippable[] = [
  {
    file: "components/observability/rules.test.ts",
    name: "systemRules > is accepted by promtool, and fires when it should",
    because: "promtool is not on the PATH",
  },
  {
    file: "components/observability/simulation.test.ts",
    name: "a simulated system",
    because: "promtool is not on the PATH",
  },
  {
    file: "test/simulation.test.ts",
    name: "in every production and recovery stack",
    because: "promtool is not on the PATH",
  },
  {
    file: "test/promql.test.ts",
    name: "agrees with promtool on every one of them",
    because: "promtool is not on the PATH",
  },
  {
    file: "rehearsal/control-plane/control-plane.test.ts",
    name: "a control plane",
    because: "the programs of a control plane are not installed: `npm run -s tools` builds them",
  },
  {
    file: "offline/processes.test.ts",
    name: "a parent that ends also ends the program and its processes",
    because: "only Linux lists processes in /proc",
  },
];

/** The messages about skipped tests. Pure. */
export function judgeSkips(
  skipped: readonly Skipped[],
  skippable: readonly Skippable[] = SKIPPABLE,
): { readonly notes: readonly string[]; readonly faults: readonly string[] } {
  const notes: string[] = [];
  const faults: string[] = [];
  for (const { file, name } of skipped) {
    const found = skippable.find(
      (entry) => entry.file === file && `${name} > `.startsWith(`${entry.name} > `),
    );
    if (found !== undefined) notes.push(`skipped: ${name}, because ${found.because}`);
    else {
      faults.push(
        `skipped: ${file}: ${name}, which is not in the list of test/skips.ts. ` +
          "Run it, delete it, or list it there with what a machine may lack for it.",
      );
    }
  }
  return { notes, faults };
}

/** Tests that were not run, and empty todo groups. */
function skippedIn(module: TestModule): readonly Skipped[] {
  const skipped = (task: TestCase | TestSuite): Skipped => ({
    file: module.relativeModuleId,
    name: task.fullName,
  });
  return [
    ...[...module.children.allTests("skipped")].map(skipped),
    ...[...module.children.allSuites()].filter(isToDo).map(skipped),
  ];
}

function isToDo({ options, children }: TestSuite): boolean {
  return options.mode === "todo" && children.size === 0;
}

/**
 * A run of tests by name (`-t`) skips all others on purpose and is not checked. A run that
 * failed or was interrupted skips the tests that it did not reach.
 */
export default class SkipsReporter implements Reporter {
  private byName = false;

  onInit: NonNullable<Reporter["onInit"]> = ({ config }) => {
    this.byName = config.testNamePattern !== undefined;
  };

  onTestRunEnd: NonNullable<Reporter["onTestRunEnd"]> = (modules, _errors, reason) => {
    if (this.byName || reason !== "passed") return;
    const { notes, faults } = judgeSkips(modules.flatMap(skippedIn));
    for (const note of notes) console.log(note);
    for (const fault of faults) console.error(fault);
    if (faults.length > 0) process.exitCode = 1;
  };
}
