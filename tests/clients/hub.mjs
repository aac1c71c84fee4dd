// Lists and downloads a repository with @huggingface/hub.
// usage: node hub.mjs MODULES HUB_URL TYPE REPO REVISION     prints "path size sha256" for each file, sorted
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, hubUrl, type, name, revision] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { listFiles, downloadFile } = await import(pathToFileURL(require.resolve("@huggingface/hub")).href);

const repo = { type, name };
const lines = [];
for await (const entry of listFiles({ repo, revision, recursive: true, hubUrl })) {
  // The library asks for bytes 0-0 of every file, which an empty one does not have (416).
  if (entry.type !== "file" || entry.size === 0) continue;
  const blob = await downloadFile({ repo, revision, path: entry.path, hubUrl });
  if (blob === null) throw new Error("listed but not there: " + entry.path);
  const bytes = Buffer.from(await blob.arrayBuffer());
  if (bytes.length !== entry.size) throw new Error(`${entry.path}: ${bytes.length} bytes, listed as ${entry.size}`);
  lines.push([entry.path, bytes.length, createHash("sha256").update(bytes).digest("hex")].join("\t"));
}
console.log(lines.sort().join("\n"));
