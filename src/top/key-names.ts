import type { Key } from 'ink';

const NAMED_KEYS: [keyof Key, string][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

/** What keys look like that arrived together with others, pasted or typed fast. */
const TYPED_KEYS: Record<string, string> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\u001b': 'escape',
};

/** The names of what was pressed, as the key table knows them. */
export function keyNames(input: string, key: Key): string[] {
  if (key.ctrl) return [`ctrl-${input}`];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  const named = NAMED_KEYS.find(([flag]) => key[flag]);
  if (named) return [named[1]];
  return Array.from(input, (character) => TYPED_KEYS[character] ?? character);
}
