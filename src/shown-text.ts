/** What moves a cursor, colours, ends a line or turns the reading direction around. */
const UNSHOWN = /\p{Cc}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/gu;

/** A name from outside as terminals and logs can take it: on one line, and for the eye alone. */
export function oneLine(name: string): string {
  return name.replaceAll(UNSHOWN, '\ufffd');
}

/** The same of an error's message: its lines become one. */
export function oneMessage(message: string): string {
  return oneLine(message.trim().replaceAll(/\s*[\r\n]\s*/g, ' '));
}
