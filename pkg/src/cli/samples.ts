// What the examples of the help are about: variables, so that a line is short and runs as it stands once they are set.
// The tests set each to something that exists.
export const digest = "$DIGEST";
export const image = "$IMAGE";
export const previous = "$PREVIOUS";
export const mirror = "$MIRROR";
export const request = "$ID";
export const batch = "$BATCH";

/** The reference client's call, as its documentation shows it. */
export const add = [
  "ocisign -c -t $TOKEN imagesigning add SignOCI -P $PRODUCT \\",
  "    --operid $OPERATION -A $BASE64",
] as const;
