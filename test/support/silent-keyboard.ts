import { EventEmitter } from 'node:events';

/** A keyboard, as Ink reads one, that nobody touches. */
export function silentKeyboard(): NodeJS.ReadStream {
  return Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: () => undefined,
    setEncoding: () => undefined,
    ref: () => undefined,
    unref: () => undefined,
    read: () => null,
  }) as never;
}
