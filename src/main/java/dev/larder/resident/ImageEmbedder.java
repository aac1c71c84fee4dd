package dev.larder.resident;

import java.util.List;

/** Makes vectors of pictures. */
public interface ImageEmbedder extends Model {
  /** The length of its vectors. */
  int imageDimensions();

  /**
   * One vector for each picture, in their order. {@code images}: whole files, as PNG or JPEG.
   *
   * @throws EngineException.BadInput for one that is no picture, or one too large to be decoded
   */
  Embeddings embedImages(List<byte[]> images);
}
