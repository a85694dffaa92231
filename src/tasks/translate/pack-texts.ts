/**
 * Groups texts, in order, into packs of at most `limit` characters together; a longer text is a
 * pack by itself.
 */
export function packTexts(texts: readonly string[], limit: number): string[][] {
  const packs: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const pack = packs.at(-1);
    if (pack && text.length <= room) pack.push(text);
    else {
      packs.push([text]);
      room = limit;
    }
    room -= text.length;
  }
  return packs;
}
