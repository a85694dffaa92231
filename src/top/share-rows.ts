import { PANE_NAMES, type PaneName } from './pane.js';

/** Who gets room first, after the pane in focus; alerts are told in their title already. */
const ROOM_ORDER: readonly PaneName[] = [
  'queues',
  'workers',
  'tasks',
  'alerts',
  'dead',
  'schedules',
];
/** Rows that a pane not in focus gets at most, while others have less. */
const FAIR_ROWS = 6;
/** Share of the room that the pane in focus may take before the others get any. */
const FOCUS_SHARE = 0.6;

/**
 * How many rows each pane gets under its title: most of the room for the pane in focus, then a fair
 * share for the others in their order, then what is left.
 */
export function shareRows(
  wanted: Record<PaneName, number>,
  focus: PaneName,
  room: number,
): Record<PaneName, number> {
  const shares = Object.fromEntries(PANE_NAMES.map((name) => [name, 0])) as typeof wanted;
  let left = Math.max(0, room);
  const give = (name: PaneName, most: number): void => {
    const share = Math.min(most, wanted[name], shares[name] + left);
    // Titles without a row, or a row without titles, say less than a pane's summary.
    if (share <= shares[name] || share < Math.min(2, wanted[name])) return;
    left -= share - shares[name];
    shares[name] = share;
  };
  give(focus, Math.max(FAIR_ROWS, Math.ceil(room * FOCUS_SHARE)));
  for (const name of ROOM_ORDER) give(name, FAIR_ROWS);
  for (const name of [focus, ...ROOM_ORDER]) give(name, Infinity);
  return shares;
}
