import { expect, it } from "vitest";
import { foldedPaths } from "./folded-paths";

it.each([
  [["a.b"], "a.b"],
  [["a.b.c", "a.b.d"], "a.b.{c, d}"],
  [["s[x].r.by", "s[x].r.watch", "s[y].r.by", "s[y].r.watch"], "s[x, y].r.{by, watch}"],
  [["s[x].m", "s[y].n"], "s[x].m, s[y].n"],
  [["u.q.cpu", "u.q.memory", "u.l.cpu", "u.l.memory"], "u.{q, l}.{cpu, memory}"],
  [["e.h[a.{d}/prod].r[/].p", "o.logs"], "e.h[a.{d}/prod].r[/].p, o.logs"],
  [["l[P1].a", "l[P1].b", "l[P2].a", "e"], "l[P1].{a, b}, l[P2].a, e"],
  [[], ""],
])("writes %j as %s", (paths, expected) => {
  expect(foldedPaths(paths)).toBe(expected);
});
