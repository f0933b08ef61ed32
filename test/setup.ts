/**
 * Before each test file: what the host spares a program (`offline/preload.cjs`), in the tests that run one here. Without
 * it, three fifths of their processor time went into stack traces that nobody sees.
 */
import { createRequire } from "node:module";

interface Traces {
  readonly mapOnlyWhatIsShown: () => void;
  readonly withoutTraces: (debuggable: unknown) => void;
}

const load = createRequire(__filename);
const { mapOnlyWhatIsShown, withoutTraces } = load("../offline/traces.cjs") as Traces;

mapOnlyWhatIsShown();
withoutTraces(load("@pulumi/pulumi/runtime/debuggable"));
