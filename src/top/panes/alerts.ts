import type { Concern } from '../concerns.js';
import { span } from '../line.js';
import type { Pane } from '../pane.js';

export const alertsPane: Pane = {
  name: 'alerts',
  title: 'ALERTS',
  columns: () => [
    { title: 'about', width: 14, growTo: 28 },
    { title: 'what', width: 50, growTo: 160 },
  ],
  rows: ({ concerns }) =>
    concerns.map((concern) => ({
      key: `${concern.about} ${concern.text.replaceAll(/\d+/g, '')}`,
      cells: [{ text: concern.about }, { text: concern.text, tone: toneOf(concern) }],
      detail: () => [
        ['about', concern.about],
        ['severity', concern.severity],
        ['what', concern.text],
      ],
    })),
  summary: ({ concerns }, _, isOpen) => {
    const [first, ...more] = concerns;
    if (!first) return [span('none', 'dim')];
    if (isOpen) return [span(String(concerns.length), toneOf(first))];
    return [
      span(`! ${first.about}: ${first.text}`, toneOf(first)),
      span(more.length > 0 ? `, and ${more.length} more` : ''),
    ];
  },
  empty: () => 'nothing needs a look',
};

function toneOf({ severity }: Concern): 'bad' | 'warn' {
  return severity === 'error' ? 'bad' : 'warn';
}
