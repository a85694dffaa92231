import type { PlanResult } from '../../planning/capacity/plan.js';
import { candidateTable, costChart, notChosen, tableLegend } from './candidates.js';
import { paragraph, section, stack } from './layout.js';
import * as sections from './sections.js';

/** A plan as a person reads it, in at most 80 columns: the answer first, then why, then the rest. */
export function renderPlan(result: PlanResult): string {
  return stack([
    paragraph('', result.headline),
    section('current', sections.currentLines(result)),
    section('why not', sections.refusalLines(result)),
    section('why', sections.whyLines(result)),
    section('candidates', [candidateTable(result), tableLegend(result)]),
    section('not chosen', notChosen(result)),
    section('queues', sections.queueLines(result)),
    section('memory', sections.memoryLines(result)),
    section('cost', sections.costLines(result)),
    section('cost against p95 wait', costChart(result)),
    section('time of day', sections.scheduleLines(result)),
    section('bursts', sections.burstLines(result)),
    section('what would change the answer', sections.breakEvenLines(result)),
    section('checks', sections.checkLines(result)),
    section('warnings', sections.warningLines(result)),
    section('the guides disagree', sections.contradictionLines(result)),
    section('figures', sections.inputLines(result)),
  ]);
}
