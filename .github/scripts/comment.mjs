/**
 * Keeps one comment on a pull request that says what its plans change. Runs on the default branch, with what a
 * workflow run of the pull request has left: that run executed the pull request's own code, so nothing in it is
 * trusted. It is bounded, taken out of its archive by name, shown as text, and posted only where the head of the
 * pull request that it names is the commit that the run was of.
 */
import process from "node:process";
import { pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";

const MARKER = "<!-- runstack: difference of plans -->";
const AUTHOR = "github-actions[bot]";
const ARTIFACT = "difference";
/** Of the archive, in bytes; of what is taken out of it; of a comment, in characters. */
const MOST = { archive: 262_144, file: 262_144, comment: 65_536 };
/** Comments that are looked through for the one to replace. */
const MOST_PAGES = 30;

/** Tags that a summary is made of; every other `<` is text. */
const TAG = /<(?!\/?(?:details|summary|b|code)>)/g;

/** Text in which nobody is called, nothing is linked to this pull request, and nothing is loaded or hidden. */
export function harmless(text) {
  return text
    .replace(TAG, "&lt;")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/#(?=\d)/g, "#\u200b")
    .replace(/\bGH-(?=\d)/gi, "GH-\u200b")
    .replace(/!\[/g, "!\u200b[")
    .replace(/\]\(/g, "]\u200b(")
    .replace(/:\/\//g, ":\u200b//")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** The comment's text, never longer than one may be. Who wrote it stands first: what follows may hide the rest. */
export function commentOf(summary, sha) {
  const head = `${MARKER}\n<sub>Planned by the pull request's own code at ${sha.slice(0, 7)}.</sub>\n\n`;
  const cut = "\n\n… and more than a comment holds.\n";
  const text = harmless(summary);
  const room = MOST.comment - head.length;
  return head + (text.length <= room ? text : text.slice(0, room - cut.length) + cut);
}

/** @returns the response, or throws with its status */
async function request(api, path, options = {}) {
  const response = await fetch(path.startsWith("http") ? path : `${api.url}${path}`, {
    ...options,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${api.token}`,
      "x-github-api-version": "2022-11-28",
    },
  });
  if (!response.ok) throw new Error(`${options.method ?? "GET"} ${path}: ${response.status}`);
  return response;
}

const json = async (api, path, options) => (await request(api, path, options)).json();

/** The archive that the run left, or undefined where it left none. */
async function archiveOf(api, run) {
  const { artifacts } = await json(api, `/actions/runs/${run}/artifacts?name=${ARTIFACT}`);
  const [artifact] = artifacts.filter(({ name, expired }) => name === ARTIFACT && !expired);
  if (artifact === undefined) return undefined;
  if (artifact.size_in_bytes > MOST.archive) {
    throw new Error(
      `The artifact has ${artifact.size_in_bytes} bytes, at most ${MOST.archive} are read.`,
    );
  }
  const { body } = await request(api, `/actions/artifacts/${artifact.id}/zip`);
  const chunks = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST.archive) throw new Error(`The artifact has more than ${MOST.archive} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Signatures and lengths of the parts of a ZIP archive (PKWARE's APPNOTE.TXT, 4.3). */
const ZIP = { end: 0x06054b50, entry: 0x02014b50, entrySize: 46, headerSize: 30 };

/** One file of an archive as text, unpacked in memory up to its bound and written nowhere. */
export function fileIn(archive, name) {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== ZIP.end) end -= 1;
  if (end < 0) throw new Error("The artifact is no archive.");
  let at = archive.readUInt32LE(end + 16);
  while (at < end && archive.readUInt32LE(at) === ZIP.entry) {
    const length = (offset) => archive.readUInt16LE(at + offset);
    const found = archive.toString("utf8", at + ZIP.entrySize, at + ZIP.entrySize + length(28));
    if (found === name) {
      const header = archive.readUInt32LE(at + 42);
      const skipped = archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
      const start = header + ZIP.headerSize + skipped;
      const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
      const stored = length(10) === 0;
      return (stored ? packed : inflateRawSync(packed, { maxOutputLength: MOST.file })).toString(
        "utf8",
      );
    }
    at += ZIP.entrySize + length(28) + length(30) + length(32);
  }
  throw new Error(`The artifact holds no ${name}.`);
}

async function existing(api, number) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const comments = await json(api, `/issues/${number}/comments?per_page=100&page=${page}`);
    const own = comments.find(
      ({ user, body }) => user?.login === AUTHOR && body.startsWith(MARKER),
    );
    if (own !== undefined || comments.length < 100) return own;
  }
  return undefined;
}

/** @returns what was done, in a sentence */
export async function comment(api, run, sha) {
  const archive = await archiveOf(api, run);
  if (archive === undefined) return "The run left no difference.";
  const number = fileIn(archive, "number").trim();
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new Error("The artifact names no pull request.");
  const pull = await json(api, `/pulls/${number}`);
  if (pull.state !== "open" || pull.head.sha !== sha) {
    return `Pull request ${number} is not open at ${sha}: nothing is said of it.`;
  }
  const text = JSON.stringify({ body: commentOf(fileIn(archive, "summary.md"), sha) });
  const own = await existing(api, number);
  if (own === undefined) {
    await request(api, `/issues/${number}/comments`, { method: "POST", body: text });
    return `Commented on pull request ${number}.`;
  }
  await request(api, `/issues/comments/${own.id}`, { method: "PATCH", body: text });
  return `Updated the comment on pull request ${number}.`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, RUN_ID, HEAD_SHA } = process.env;
  const api = { url: `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`, token: GITHUB_TOKEN };
  console.log(await comment(api, RUN_ID, HEAD_SHA));
}
