/** Edits (insert, delete, replace) that turn `a` into `b`. Levenshtein 1966. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known word that `word` was probably meant to be, or undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '');
  const inOtherUnit = known.find((candidate) => withoutUnit(candidate) === withoutUnit(word));
  if (inOtherUnit !== undefined) return inOtherUnit;
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(plain(word), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** A field's name without the unit that it ends in. */
function withoutUnit(name: string): string {
  return name.replace(/(Milliseconds|Seconds|Minutes|Hours|Ms|Kb|Mb|Gb|PerHour|PerMinute)$/, '');
}
