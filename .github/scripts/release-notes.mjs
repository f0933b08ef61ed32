/**
 * Prints what CHANGELOG.md says of a version, for the release of its tag. Fails where the tag is not the version of
 * package.json, or nothing is said of it.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

/** @throws where there is nothing to release */
export function releaseNotes(tag, version, changelog) {
  if (tag !== `v${version}`) {
    throw new Error(
      `The tag is ${JSON.stringify(tag)}, but package.json has version ${version}: tag v${version}.`,
    );
  }
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((one) => one.split("\n")[0].split(" ")[0] === version);
  const notes = section?.slice(section.indexOf("\n")).trim();
  if (!notes)
    throw new Error(`CHANGELOG.md has no section "## ${version}": rename "Unreleased" to it.`);
  return `${notes}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  try {
    const { version } = JSON.parse(read("package.json"));
    process.stdout.write(releaseNotes(process.argv[2], version, read("CHANGELOG.md")));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
