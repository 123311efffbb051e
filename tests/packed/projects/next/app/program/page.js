// The program in a client component: the test calls it.
"use client";

import * as ocisign from "ocisign";
import { useEffect, useState } from "react";
import { program } from "../../program.mjs";

export default function Page() {
  const [text, setText] = useState("");
  useEffect(() => {
    globalThis.offered = { sign: (task) => program(ocisign, task) };
    ocisign.default().then(() => setText("loaded"));
  }, []);
  return <p>{text}</p>;
}
