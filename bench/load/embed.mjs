// Turns texts into vectors with @huggingface/transformers: a JSON list of texts on each line in, a list of vectors on each line out.
// usage: node embed.mjs MODULES SNAPSHOT DTYPE
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, snapshot, dtype] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { env, pipeline } = await import(pathToFileURL(require.resolve("@huggingface/transformers")).href);
env.allowRemoteModels = false;
env.useFSCache = false;
env.localModelPath = dirname(snapshot);

const extract = await pipeline("feature-extraction", basename(snapshot), { dtype });
for await (const line of createInterface({ input: process.stdin })) {
  const vectors = await extract(JSON.parse(line), { pooling: "mean", normalize: true });
  console.log(JSON.stringify(vectors.tolist()));
}
await extract.dispose();
