/** `[██░░]`: one cell for each slot, or a bar of `width` cells when there are more. */
export function slotBar(busy: number, slots: number, width = 16): string {
  const cells = Math.min(slots, width);
  const filled = slots === 0 ? 0 : Math.round((Math.min(busy, slots) / slots) * cells);
  return `[${'█'.repeat(filled)}${'░'.repeat(cells - filled)}]`;
}

/** Cuts a text to `width` cells. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
