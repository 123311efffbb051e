// Where the service is, and what it says about itself.

/**
 * The page is served below the service's own origin. Its base comes from a small file beside the page, so
 * that the same page can be put in front of any deployment.
 */
export async function findService() {
  const settings = await json("settings.json");
  const baseUrl = new URL(settings.baseUrl, document.baseURI).href;
  const profile = settings.profile ?? (await json(`${baseUrl.replace(/\/$/, "")}/ocisign-profile`));
  return { baseUrl, profile, isSandbox: settings.sandbox === true };
}

async function json(url) {
  const reply = await fetch(url, { headers: { accept: "application/json" }, cache: "no-store" });
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
  return reply.json();
}
