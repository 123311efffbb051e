// Brings the settings together: a flag goes before the environment, and that before the configuration file.
import { readConfig } from "./config-file.ts";
import { usage } from "./problem.ts";
import { keepSecret } from "./secrets.ts";
import {
  longFlag,
  type Setting,
  type SettingName,
  type Settings,
  settingNames,
  settings,
} from "./settings.ts";
import { shownPath } from "./withheld.ts";

/** The three ways to give a token, of which a place may use one. */
const tokenNames = ["token", "tokenFile", "tokenCommand"] as const;

/** The settings' flags as they were given. */
export type Flags = { readonly [Name in SettingName]?: string };

/** Of the three ways to a token, the first place that has one counts. */
export async function readSettings(
  flags: Flags,
  config: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Settings> {
  const layers = [fromFlags(flags), fromEnvironment(env), await readConfig(config, env)];
  for (const layer of layers) checkOneToken(layer);
  for (const layer of layers) keepSecretsOf(layer);
  const { token, tokenFile, tokenCommand } = layers.find(hasToken) ?? {};
  return { ...Object.assign({}, ...layers.reverse()), token, tokenFile, tokenCommand };
}

function fromFlags(flags: Flags): Settings {
  return collect((name) => setting(flags[name], longFlag(name), true));
}

function fromEnvironment(env: NodeJS.ProcessEnv): Settings {
  // An empty variable is not set: that is how a shell or a CI system takes one away.
  return collect((name) => setting(env[settings[name].env] || undefined, settings[name].env, false));
}

function setting(value: string | undefined, from: string, isFlag: boolean): Setting | undefined {
  return value === undefined ? undefined : { value, from, isFlag };
}

function collect(read: (name: SettingName) => Setting | undefined): Settings {
  const found = settingNames.map((name) => [name, read(name)] as const);
  return Object.fromEntries(found.filter(([, given]) => given !== undefined));
}

/** What may be a secret, or hold one, should an error of the system quote it. */
function keepSecretsOf(layer: Settings): void {
  for (const name of settingNames) {
    const value = layer[name]?.value;
    if (value === undefined) continue;
    const { isSecret, isPath, isCommand } = settings[name];
    // Of a URL, safe-url.ts keeps the parts that may be secret.
    const isUnknown = isPath && !/^https?:/i.test(value) && shownPath(value) === undefined;
    if (isSecret || isCommand || isUnknown) keepSecret(value);
  }
}

function hasToken(layer: Settings): boolean {
  return tokenNames.some((name) => layer[name]);
}

function checkOneToken(layer: Settings): void {
  const [first, second] = tokenNames.flatMap((name) => layer[name]?.from ?? []);
  if (second) throw usage(`${first} and ${second} both give a token.`, "Leave one of them out.");
}
