// Turns a sentence into a vector with @huggingface/transformers, whose cache is CACHE.
// usage: node pipeline.mjs MODULES CACHE (remote HUB_URL | local FOLDER) REPO     prints the numbers, with commas
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, cache, where, place, repo] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { env, pipeline } = await import(pathToFileURL(require.resolve("@huggingface/transformers")).href);

env.cacheDir = cache;
env.allowLocalModels = where === "local";
env.allowRemoteModels = where === "remote";
if (where === "remote") env.remoteHost = place;
else env.localModelPath = place;

const extract = await pipeline("feature-extraction", repo, { dtype: "q8" });
const vector = await extract("A cache for the whole site.", { pooling: "mean", normalize: true });
console.log(Array.from(vector.data).join(","));
await extract.dispose();
