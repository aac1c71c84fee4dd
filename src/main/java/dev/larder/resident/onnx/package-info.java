/**
 * The engine of ONNX models, on ONNX Runtime: vectors of texts and pictures, and whatever else a
 * model makes of tensors.
 *
 * <p>Promise: it brings only what a model needs, and never opens a format that can run code; a
 * model's file is not mapped into memory, but for external data in a private directory; a native
 * session is closed exactly once and never while it runs; hostile files end in {@link
 * dev.larder.resident.EngineException}, not in a crash of this code.
 *
 * <p>Needs ONNX Runtime, the Hugging Face tokenizers of DJL and Jackson. {@code
 * docs/design/engines.md} says how and why.
 */
@NullMarked
package dev.larder.resident.onnx;

import org.jspecify.annotations.NullMarked;
