// The pack with all that it imports, as one file.
require("../bundle/load.cjs").load("policies/index.ts");
