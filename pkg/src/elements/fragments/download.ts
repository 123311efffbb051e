// Saves a text as a file of the person's.

/** @param type its media type */
export function download(text: string, file: string, type: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: file });
  link.click();
  // The browser has begun by then, and keeps what it saves.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
