import { startServer } from "./server";
import { ours } from "./ours";
import { readFileSync } from "node:fs";
import { parseYaml } from "../../cli/check/yaml";
void (async () => {
  const s = await startServer();
  for (const o of parseYaml(readFileSync(process.argv[2]!, "utf8")) as any[]) {
    if (!o) continue;
    const v = await s.client.dryRun(o);
    console.log(
      o.metadata?.name ?? "-",
      o.kind,
      "=>",
      v.says,
      (v as any).message?.slice(0, 300) ?? "",
      "|| OURS:",
      ours(o).join(" ; ").slice(0, 200),
    );
  }
  s.stop();
})();
