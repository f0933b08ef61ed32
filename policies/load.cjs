// tsx takes over from the compiler that the runner has registered, which would check types at each start.
require("tsx/cjs");
require("./index.ts");
