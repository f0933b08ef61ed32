import { expect, it } from "vitest";
import { DOCUMENTS, read } from "./docs";

it.each(Object.entries(DOCUMENTS))("%s is what `npm run -s docs` writes", (path, write) => {
  const text = read(path);
  expect(write(text)).toBe(text);
});
