// The library's advice in words of the command line: it names options, and here are flags.
import { sourceOf } from "./registry-sign-in/sources.ts";

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

/** @param message what it is the advice for: it begins with the registry, where a sign-in is missing or refused */
export function inWordsOfHere(fix: string, message = ""): string {
  if (isAboutSignIn(fix)) return signInAdvice(fix, message.match(/^(\S+?): /)?.[1]);
  return inFlags(fix);
}

/** Is it about what opens a registry? */
export function isAboutSignIn(fix: string): boolean {
  return /\bregistry\.(?:username|password|identityToken|registryToken)\b/.test(fix);
}

function signInAdvice(fix: string, registry: string | undefined): string {
  const said = inFlags(fix);
  if (registry === undefined) return said;
  const login = `\`docker login ${registry}\``;
  const isExpired = fix.includes("aws ecr");
  const from = sourceOf(registry);
  if (from !== undefined) {
    const ecr = ` For Amazon ECR: \`aws ecr get-login-password | docker login --username AWS --password-stdin ${registry}\`.`;
    return `Sign in again, as with ${login}: what ${from} keeps was refused.${isExpired ? ecr : ""}`;
  }
  return /^Give registry\.username/.test(fix) ? `Sign in with ${login}. Or g${said.slice(1)}` : said;
}

function inFlags(fix: string): string {
  const here = fix
    .replace("the list of requests", "`ocisign signings`")
    .replace("Pass again: true", "Give --skip none")
    .replace("pass keepGoing: true", "give --keep-going")
    .replace("the service's address", flags.get("baseUrl") ?? "");
  return here.replace(/\b\w+(?:\.\w+)?\b/g, (word) => flags.get(word) ?? word);
}
