/** `[██░░]`: one cell for each slot, or a bar of `width` cells when there are more. */
export function slotBar(busy: number, slots: number, width = 16): string {
  const cells = Math.min(slots, width);
  const filled = slots === 0 ? 0 : Math.round((Math.min(busy, slots) / slots) * cells);
  return `[${'█'.repeat(filled)}${'░'.repeat(cells - filled)}]`;
}

/** A share as whole percent: `50 %`. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A length of time in its two largest units: `41s`, `1m04s`, `2h10m`, `3d04h`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`;
}

/** Cuts a text to `width` cells. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
