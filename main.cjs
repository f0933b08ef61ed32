// What the engine and the host start: index.ts with all that it imports, as one file.
module.exports = require("./bundle/load.cjs").load("index.ts");
