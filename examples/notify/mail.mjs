// A mail, by the sendmail of this machine (Postfix, msmtp and others bring one): ocisign watch --exec -- node mail.mjs
// MAIL_TO and MAIL_FROM are addresses; SENDMAIL is the program, by default /usr/sbin/sendmail.
import { spawn } from "node:child_process";
import { fail, readable, readEvent } from "./common.mjs";

const { MAIL_TO, MAIL_FROM, SENDMAIL = "/usr/sbin/sendmail" } = process.env;
/** One address: a second one, or another header, cannot hide in it. */
const address = (name, text = "") =>
  /^[\w.+-]+@[\w.-]+$/.test(text) ? text : fail(`${name} is not a mail address.`);

/** A header holds ASCII on one line. All else is encoded, in words of 75 characters at most (RFC 2047). */
function headerText(text) {
  if (/^[ -~]{0,60}$/.test(text) && !text.includes("=?")) return text;
  const words = [];
  for (const character of text) {
    const longer = (words.at(-1) ?? "") + character;
    if (words.length > 0 && Buffer.byteLength(longer) <= 42) words[words.length - 1] = longer;
    else words.push(character);
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

const { heading, rows, link } = readable(await readEvent());
const image = rows.find(([name]) => name === "Image")?.[1] ?? "";
const text = [heading, "", ...rows.map(([name, value]) => `${name}: ${value}`), "", link ?? ""].join("\r\n");
const message = [
  `From: ${address("MAIL_FROM", MAIL_FROM)}`,
  `To: ${address("MAIL_TO", MAIL_TO)}`,
  `Subject: ${headerText(`${heading}: ${image}`)}`,
  `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
  "Auto-Submitted: auto-generated",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: base64",
  "",
  // Encoded, so that no line of a text is a lone dot, or too long.
  ...(Buffer.from(text)
    .toString("base64")
    .match(/.{1,76}/g) ?? []),
  "",
].join("\r\n");

// -t takes the recipient from the header, -i lets a line be a dot.
const sendmail = spawn(SENDMAIL, ["-t", "-i"], { stdio: ["pipe", "inherit", "inherit"] });
sendmail.on("error", () => fail("sendmail cannot be started: set SENDMAIL."));
sendmail.on("exit", (code) => process.exit(code ?? 1));
sendmail.stdin.on("error", () => {});
// On this machine lines end as files have them; sendmail makes the ends that mail has.
sendmail.stdin.end(message.replaceAll("\r\n", "\n"));
