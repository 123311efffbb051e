// Where a text installs or runs something of ours by its name, from a registry where the name is not ours.

/** The names of our packages and crates. */
const ours = String.raw`(?:@ocisign\/[\w.-]+|ocisign(?:-[a-z]+)*)`;
/** Such a name as a word of its own, perhaps with a version: no path, file or address goes on from it. */
const name = String.raw`(?<![\w./@:-])${ours}(?![\w./-])(?:@[\w.^~-]+)?`;
/** The words before it, on one line: options and other packages, up to a comment or another command. */
const words = String.raw`(?:[ \t]+(?!#|&&|\||;)[^\s"'\`]+)*?[ \t]+["']?`;
/** Tools that run a package from the registry when it is not installed. */
const runners = String.raw`(?:npx|npm[ \t]+(?:exec|x)|pnpx|pnpm[ \t]+(?:dlx|exec)|yarn[ \t]+dlx|bunx|bun[ \t]+x)`;
const installers = String.raw`(?:(?:npm|pnpm|yarn|bun|deno)[ \t]+(?:install|i|add|ci|create|init|global[ \t]+add))`;

/** @type {RegExp[]} */
const kinds = [
  new RegExp(`\\b${installers}${words}${name}`, "gm"),
  // npx takes its options before the program: what stands behind that is the program's own.
  new RegExp(
    `\\b${runners}(?![^\\n]*?--no(?:-install)?\\b)(?:[ \\t]+-[\\w-]+)*[ \\t]+(?:-p[ \\t]+|--package[= ])?${name}`,
    "gm",
  ),
  new RegExp(`\\b${runners}[^\\n]*?(?:--package[= ]|-p[ \\t]+)["']?${ours}`, "gm"),
  // Addresses of packages, on servers that hand out what npm has.
  new RegExp(
    String.raw`\b(?:esm\.sh|unpkg\.com|jsdelivr\.net\/npm|skypack\.dev|esm\.run|jspm\.(?:dev|io)\/npm:)\/?(?:v\d+\/)?${ours}`,
    "gm",
  ),
  new RegExp(String.raw`\b(?:npm|jsr):${ours}`, "gm"),
  // In package.json: a version or a tag, not a path.
  new RegExp(String.raw`"${ours}"\s*:\s*"(?:[\^~<>=v]?\d|latest|next|\*|npm:)`, "gm"),
  // Of crates.io: with a path, Cargo does not ask there.
  new RegExp(String.raw`\bcargo[ \t]+(?:install|binstall)\b(?![^\n]*--path)${words}${name}`, "gm"),
  new RegExp(
    String.raw`\bcargo[ \t]+add\b(?![^\n]*--path)(?:[ \t]+(?:(?:--package|-p)[ \t]+\S+|-(?!-package|p[ \t])\S+))*[ \t]+${name}`,
    "gm",
  ),
  new RegExp(String.raw`^${ours}\s*=\s*(?:"|\{(?![^}\n]*\bpath\b))`, "gm"),
  // Images of a registry's own namespace; without one, a name is that of an image that was built here.
  new RegExp(
    String.raw`(?:\bdocker[ \t]+(?:run|pull)\b${words}|\bimage:[ \t]+["']?)(?:docker\.io\/)?ocisign\/[\w.-]+`,
    "gm",
  ),
];

/** @param {string} text @returns {{ line: number, text: string }[]} */
export function byName(text) {
  return kinds
    .flatMap((kind) => [...text.matchAll(kind)])
    .map(({ index, 0: found }) => ({ line: text.slice(0, index).split("\n").length, text: found.trim() }))
    .sort((a, b) => a.line - b.line);
}
