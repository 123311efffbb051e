// Numbers in the margin of a field with many lines, and the way from an error to its line. Only those that are in sight
// are drawn: a list may have tens of thousands.

/** Draws the numbers beside the lines that the field shows now. */
export function drawNumbers(field: HTMLTextAreaElement, margin: HTMLElement, wrong: ReadonlySet<number>) {
  const height = lineHeight(field);
  const all = field.value.split("\n").length;
  const first = Math.max(0, Math.floor(field.scrollTop / height) - 1);
  const last = Math.min(all, first + Math.ceil(field.clientHeight / height) + 2);
  const { paddingTop } = getComputedStyle(field);
  const top = field.clientTop + Number.parseFloat(paddingTop) + first * height - field.scrollTop;
  const numbers = Array.from({ length: Math.max(0, last - first) }, (_, index) => {
    const line = first + index + 1;
    const shown = document.createElement("span");
    shown.textContent = line.toLocaleString();
    shown.className = wrong.has(line) ? "bad" : "";
    return shown;
  });
  margin.style.setProperty("--line-height", `${height}px`);
  margin.style.setProperty("--first-line", `${top}px`);
  margin.replaceChildren(...numbers);
}

/** Moves the focus to a line, and selects it. Lines count from 1. */
export function goToLine(field: HTMLTextAreaElement, line: number) {
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  field.scrollTop = Math.max(0, (line - 3) * lineHeight(field));
  field.scrollLeft = 0;
}

function lineHeight(field: Element) {
  const { lineHeight: height, fontSize } = getComputedStyle(field);
  return Number.parseFloat(height) || Number.parseFloat(fontSize) * 1.5;
}
