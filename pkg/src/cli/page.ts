// The approval page, in the user's browser.
import { spawn } from "node:child_process";
import { environment } from "./child.ts";
import { usage } from "./problem.ts";
import { checkPageUrl } from "./safe-url.ts";
import type { Session } from "./session.ts";

/** What came of opening it. */
export interface Opened {
  readonly url: string;
  readonly opened: boolean;
}

/** Opens a view of the page. `hash` is such as `#/requests/ID`. The address holds no secret, and no shell reads it. */
export async function openPage({ settings, output }: Session, hash: string): Promise<Opened> {
  const { page } = settings;
  if (!page) {
    throw usage(
      "The URL of the page is not given.",
      'Give --page, set OCISIGN_PAGE, or write "page" into the configuration file.',
    );
  }
  await checkPageUrl(page);
  const url = `${page.value.trim()}${hash}`;
  const opened = await startBrowser(url);
  if (opened) output.note(`Opening ${url}`);
  return { url, opened };
}

/** The address, where no browser could be started. */
export function openedText({ url, opened }: Opened): string | undefined {
  return opened ? undefined : url;
}

/** Is there a browser that could be started here? */
export function hasBrowser(): boolean {
  return browserOf(process.env, process.platform).length > 0;
}

/** Its address is an argument of a program: it may hold no secret. */
export async function startBrowser(url: string): Promise<boolean> {
  const [program, ...args] = browserOf(process.env, process.platform);
  if (program === undefined) return false;
  return new Promise((resolve) => {
    const env = environment(process.env);
    const child = spawn(program, [...args, url], { stdio: "ignore", detached: true, env });
    child.on("error", () => resolve(false));
    child.on("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

/** BROWSER, a program and its arguments; or what the system has for it. */
function browserOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  if (env.BROWSER) return env.BROWSER.trim().split(/\s+/);
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  // Without a display there is nothing to show it on.
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : [];
}
