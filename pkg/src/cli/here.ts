// The library's advice in words of the command line: it names options, and here are flags.

/** What the library's options are called here. */
const flags: ReadonlyMap<string, string> = new Map([
  ["baseUrl", "--url"],
  ["timeoutMs", "--call-timeout"],
  ["totalTimeoutMs", "--total-timeout"],
  ["requireRepository", "--require-repository"],
  ["signedAs", "--signed-as"],
  ["registry.url", "--registry-url"],
  ["registry.username", "--registry-username"],
  ["registry.password", "the password (OCISIGN_REGISTRY_PASSWORD or --registry-password-file)"],
  ["registry.repository", "--signatures-in"],
]);

export function inWordsOfHere(fix: string): string {
  const here = fix
    .replace("the list of requests", "`ocisign signings`")
    .replace("Pass again: true", "Give --skip none")
    .replace("the service's address", flags.get("baseUrl") ?? "");
  const said = here.replace(/\b\w+(?:\.\w+)?\b/g, (word) => flags.get(word) ?? word);
  return /^Give registry\.username/.test(fix) ? `${said} ${notDockers}` : said;
}

const notDockers = "The sign-in that `docker login` keeps is not read.";
