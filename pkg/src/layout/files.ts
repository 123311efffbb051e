// What an OCI layout is read from: a folder, a tar archive, or whatever else holds its files.

/** Reads the files of an OCI layout (OCI image spec, "Image Layout"). */
export interface LayoutFiles {
  /**
   * The content of a file, piece by piece; undefined if there is no such file. What it throws is a finding: the layout
   * cannot be read.
   *
   * @param path from the layout's root, such as `index.json` or `blobs/sha256/3fbc…`
   */
  read(
    path: string,
  ): AsyncIterable<Uint8Array> | undefined | PromiseLike<AsyncIterable<Uint8Array> | undefined>;
}
