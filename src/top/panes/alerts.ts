import type { Diagnosis } from '../../monitor/doctor/diagnose.js';
import { span, type Tone } from '../line.js';
import type { Column, Pane, PaneRow } from '../pane.js';

const COLUMNS: Column[] = [
  { title: 'level', width: 7 },
  { title: 'what', width: 28, growTo: 44 },
  { title: 'seen', width: 39, growTo: 90 },
  { title: 'do', width: 40, growTo: 160 },
];

export const alertsPane: Pane = {
  name: 'alerts',
  title: 'ALERTS',
  columns: () => COLUMNS,
  rows: ({ diagnosis }) => diagnosis.findings.map(rowOf),
  summary: ({ diagnosis: { findings } }, _, isOpen) => {
    const [first, ...more] = findings;
    if (!first) return [span('none', 'dim')];
    if (isOpen) return [span(String(findings.length), toneOf(first))];
    return [
      span(more.length > 0 ? `${findings.length}: ` : ''),
      span(`! ${first.title}: ${first.evidence}`, toneOf(first)),
    ];
  },
  empty: ({ diagnosis }) => `nothing needs a look: ${diagnosis.checks} checks found nothing`,
};

function rowOf(finding: Diagnosis): PaneRow {
  const { check, severity, title, evidence, consequence, fix } = finding;
  return {
    // Figures change while it stays the same finding.
    key: `${check}: ${title.replaceAll(/\d+ /g, '')}`,
    name: title,
    cells: () => [
      { text: severity, tone: toneOf(finding) },
      { text: title, tone: toneOf(finding) },
      { text: evidence },
      { text: fix },
    ],
    detail: () => [
      [severity, title],
      ['seen', evidence],
      ['so', consequence],
      ['do', fix],
      ['check', `${check}, of "dsw doctor"`],
    ],
  };
}

function toneOf({ severity }: Diagnosis): Tone {
  return severity === 'error' ? 'bad' : 'warn';
}
