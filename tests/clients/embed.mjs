// What @huggingface/transformers and onnxruntime-node make of the files of a model.
// usage: node embed.mjs MODULES texts FOLDER REPO POOLING FILE     a JSON list of texts in FILE, each embedded alone
//        node embed.mjs MODULES picture FOLDER REPO MODEL FILE     a picture, as preprocessor_config.json says
//        node embed.mjs MODULES tensor MODEL INPUT OUTPUT D,D,…    the numbers 0, 1/1000, 2/1000, … in that shape
// prints a JSON list of vectors
process.env.ORT_DISABLE_TELEMETRY = "1";
const { createRequire } = await import("node:module");
const { pathToFileURL } = await import("node:url");
const { readFileSync } = await import("node:fs");

const [modules, what, ...rest] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { AutoImageProcessor, RawImage, env, pipeline } = await import(
  pathToFileURL(require.resolve("@huggingface/transformers")).href
);
const ort = require("onnxruntime-node");
env.allowRemoteModels = false;

async function run(model, data, dims, output) {
  const session = await ort.InferenceSession.create(model);
  const made = await session.run({ [session.inputNames[0]]: new ort.Tensor("float32", data, dims) });
  return Array.from(made[output ?? session.outputNames[0]].data);
}

async function texts(folder, repo, pooling, file) {
  env.localModelPath = folder;
  const extract = await pipeline("feature-extraction", repo, { dtype: "fp32" });
  const vectors = [];
  for (const text of JSON.parse(readFileSync(file, "utf8"))) {
    const made = await extract(text, { pooling, normalize: true });
    vectors.push(Array.from(made.data));
  }
  await extract.dispose();
  return vectors;
}

async function picture(folder, repo, model, file) {
  env.localModelPath = folder;
  const processor = await AutoImageProcessor.from_pretrained(repo);
  const { pixel_values } = await processor(await RawImage.read(file));
  return [await run(model, pixel_values.data, pixel_values.dims)];
}

async function tensor(model, input, output, shape) {
  const dims = shape.split(",").map(Number);
  const count = dims.reduce((product, length) => product * length, 1);
  return [await run(model, Float32Array.from({ length: count }, (_, i) => i / 1000), dims, output)];
}

console.log(JSON.stringify(await { texts, picture, tensor }[what](...rest)));
