// The runner has registered a compiler that checks types; here it would cost seconds at each preview.
delete require.extensions[".ts"];
process.env.SWC_NODE_PROJECT ??= require("node:path").join(__dirname, "..", "tsconfig.json");
require("@swc-node/register");
require("./index.ts");
