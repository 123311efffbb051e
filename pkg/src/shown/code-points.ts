/**
 * The characters in a text of runs, as tools/build/look-alikes.js writes them: `GAP` is one character that far behind
 * the run before, `GAP.LENGTH` several in a row; both numbers are to base 36.
 */
export function codePointsIn(runs: string): ReadonlySet<number> {
  const found = new Set<number>();
  let next = 0;
  for (const run of runs.split(" ")) {
    const [gap = "", length = "1"] = run.split(".");
    next += Number.parseInt(gap, 36);
    for (const end = next + Number.parseInt(length, 36); next < end; next += 1) found.add(next);
  }
  return found;
}
