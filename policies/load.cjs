// The runner has registered a compiler that checks types; here it would cost seconds at each preview.
delete require.extensions[".ts"];
const { join } = require("node:path");
const { env } = require("node:process");
env.SWC_NODE_PROJECT ??= join(module.path, "..", "tsconfig.json");
require("@swc-node/register");
require("./index.ts");
