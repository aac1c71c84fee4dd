// Embeds texts with OpenAI's own client and prints one JSON object of what it saw.
// usage: node embeddings.mjs MODULES BASE_URL MODEL DIRECT     MODEL: a registered name; DIRECT: a cached repo
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, baseURL, model, direct] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { default: OpenAI } = await import(pathToFileURL(require.resolve("openai")).href);
const client = new OpenAI({ baseURL, apiKey: "sk-nobody-looks-at-this", maxRetries: 0 });

const input = ["A cat sits on the mat.", "A kitten rests on the rug.", "The stock market fell today."];
const embed = async (more) => client.embeddings.create({ model, input, ...more });
const vectors = (answer) => answer.data.map((one) => Array.from(one.embedding));
const cosine = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));
const apart = (a, b) => Math.max(...a.flatMap((vector, i) => vector.map((x, j) => Math.abs(x - b[i][j]))));
const failure = async (work) => {
  try {
    await work();
    return null;
  } catch (e) {
    return { name: e.constructor.name, status: e.status, code: e.code, param: e.param, type: e.type };
  }
};

const asBase64 = await embed({}); // What the client asks for by itself, and decodes.
const asFloat = await embed({ encoding_format: "float" });
const short = await embed({ dimensions: 64 });
const one = await client.embeddings.create({ model: direct, input: input[0], user: "ann" });
const listed = [];
for await (const entry of client.models.list()) listed.push(entry.id);

const [cat, kitten, market] = vectors(asBase64);
console.log(
  JSON.stringify({
    length: cat.length,
    indexes: asBase64.data.map((each) => each.index),
    tokens: asBase64.usage.prompt_tokens,
    total: asBase64.usage.total_tokens,
    alike: cosine(cat, kitten),
    other: cosine(cat, market),
    formatsApart: apart(vectors(asBase64), vectors(asFloat)),
    short: vectors(short)[0].length,
    shortNorm: Math.hypot(...vectors(short)[0]),
    direct: cosine(cat, vectors(one)[0]),
    listed,
    described: (await client.models.retrieve(model)).id,
    failures: {
      unknown: await failure(() => client.embeddings.create({ model: "gpt-4", input: "a" })),
      empty: await failure(() => client.embeddings.create({ model, input: "" })),
      tokenIds: await failure(() => client.embeddings.create({ model, input: [1, 2, 3] })),
      long: await failure(() => embed({ dimensions: 100000 })),
      chat: await failure(() => client.chat.completions.create({ model, messages: [] })),
      retrieve: await failure(() => client.models.retrieve("org/none")),
    },
  }),
);
