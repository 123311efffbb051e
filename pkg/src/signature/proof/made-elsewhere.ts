// How the reason begins of a signature that holds, and names another repository than the image's. What tells who accepts
// an image knows it again by this: other tools do not compare the name.

export const madeElsewhere = "The signature was made for another repository";
