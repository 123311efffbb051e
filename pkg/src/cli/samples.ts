// What the examples of the help are about. The tests replace each by something that exists.
export const digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
export const image = `656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@${digest}`;
export const request = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
export const product = "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac";
export const operation = "b4f4c9e4-cbd2-4073-820c-9d553a957e54";
/** The image, as `echo … | base64` makes it. */
export const encoded = Buffer.from(`${image}\n`).toString("base64");

/** The reference client's call, as its documentation shows it. */
export const add = `ocisign -c -t $TOKEN imagesigning add SignOCI -P ${product} --operid ${operation} -A ${encoded}`;
