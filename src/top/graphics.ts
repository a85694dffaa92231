import { span, type Line } from './line.js';

const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/** `[██░░]`: one cell for each slot, or a bar of `width` cells when there are more. */
export function slotBar(busy: number, slots: number, width: number): string {
  const cells = Math.max(1, Math.min(slots, width));
  const share = slots === 0 ? 0 : Math.min(busy, slots) / slots;
  return `[${bar(share, cells)}]`;
}

/** A share of `width` cells, filled. Only nothing looks like nothing, and only all like all. */
export function bar(share: number, width: number): string {
  const rounded = Math.round(share * width);
  const most = share < 1 ? Math.max(0, width - 1) : width;
  const filled = share > 0 ? Math.max(Math.min(1, width), Math.min(rounded, most)) : 0;
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** A cell for each value, the highest full; a space where nothing is known. */
export function sparkline(values: readonly (number | undefined)[]): string {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === undefined) return ' ';
      if (value <= 0) return '▁';
      return EIGHTHS[Math.max(2, Math.ceil((value / highest) * 8))] ?? '█';
    })
    .join('');
}

/** A chart of `height` lines with a title and its highest value; each value `cells` wide. */
export function chart(
  title: string,
  values: readonly (number | undefined)[],
  size: { height: number; cells: number; full?: number | undefined },
  describe: (value: number) => string,
): Line[] {
  const known = values.filter((value) => value !== undefined);
  const highest = Math.max(0, ...known);
  const width = values.length * size.cells;
  const last = known.at(-1);
  const heading = `${title}  now ${last === undefined ? '–' : describe(last)}, most ${describe(highest)}`;
  const rows = Array.from({ length: size.height }, (_, row): Line => {
    const level = size.height - 1 - row;
    const cells = values.map((value) => column(value, size.full ?? highest, level, size));
    return [span(cells.join(''), 'accent')];
  });
  return [[span(heading.padEnd(width).slice(0, width), 'dim')], ...rows];
}

function column(
  value: number | undefined,
  full: number,
  level: number,
  { height, cells }: { height: number; cells: number },
): string {
  const share = value === undefined || full === 0 ? 0 : value / full;
  const eighths = Math.max(0, Math.min(8, Math.round(share * height * 8) - level * 8));
  const isFloor = level === 0 && value !== undefined;
  const mark = EIGHTHS[isFloor ? Math.max(1, eighths) : eighths] ?? ' ';
  // A gap between columns, where there is room for one.
  return cells > 2 ? `${mark.repeat(cells - 1)} ` : mark.repeat(cells);
}
